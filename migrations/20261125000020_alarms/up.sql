-- The ladder: a request that is about to miss its time, who was told of it on which rung, and who said "I have it".
-- Rows of steps and tellings are added; an answer is written into its step once. Expands only.

CREATE TABLE alarms (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES requests (id),
    zone_id UUID NOT NULL REFERENCES zones (id),
    fired_at TIMESTAMPTZ NOT NULL,
    rung TEXT NOT NULL,
    position INTEGER NOT NULL,
    fence BIGINT NOT NULL,
    told INTEGER NOT NULL,
    told_at TIMESTAMPTZ NOT NULL,
    acknowledged_at TIMESTAMPTZ,
    acknowledged_by UUID REFERENCES people (id),
    ended_at TIMESTAMPTZ,
    CONSTRAINT alarms_rung CHECK (rung IN ('runner', 'desk', 'supervisor', 'street', 'district'))
);
-- However many look at once: one request has at most one open alarm.
CREATE UNIQUE INDEX alarms_one_open ON alarms (request_id) WHERE ended_at IS NULL;
CREATE INDEX alarms_open ON alarms (zone_id) WHERE ended_at IS NULL;

CREATE TABLE alarm_steps (
    id UUID NOT NULL PRIMARY KEY,
    alarm_id UUID NOT NULL REFERENCES alarms (id),
    position INTEGER NOT NULL,
    rung TEXT NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    told_at TIMESTAMPTZ NOT NULL,
    told INTEGER NOT NULL,
    sent_by UUID REFERENCES people (id),
    acknowledged_at TIMESTAMPTZ,
    acknowledged_by UUID REFERENCES people (id),
    CONSTRAINT alarm_steps_position UNIQUE (alarm_id, position),
    CONSTRAINT alarm_steps_rung CHECK (rung IN ('runner', 'desk', 'supervisor', 'street', 'district'))
);

-- Who was told on a step: a person, or a webhook by its name in the settings.
CREATE TABLE alarm_tellings (
    id UUID NOT NULL PRIMARY KEY,
    step_id UUID NOT NULL REFERENCES alarm_steps (id),
    alarm_id UUID NOT NULL REFERENCES alarms (id),
    person_id UUID REFERENCES people (id),
    hook TEXT
);
CREATE INDEX alarm_tellings_by_alarm ON alarm_tellings (alarm_id);

-- Who has the watch when: for one zone, or for all of them (zone_id empty). From later than to: over midnight.
CREATE TABLE rotas (
    id UUID NOT NULL PRIMARY KEY,
    zone_id UUID REFERENCES zones (id),
    rung TEXT NOT NULL,
    days INTEGER NOT NULL,
    from_minute INTEGER NOT NULL,
    to_minute INTEGER NOT NULL,
    person_id UUID NOT NULL REFERENCES people (id),
    CONSTRAINT rotas_rung CHECK (rung IN ('desk', 'supervisor', 'street', 'district')),
    CONSTRAINT rotas_days CHECK (days BETWEEN 1 AND 127),
    CONSTRAINT rotas_minutes CHECK (from_minute BETWEEN 0 AND 1439 AND to_minute BETWEEN 0 AND 1439)
);
CREATE INDEX rotas_by_zone ON rotas (zone_id, rung);

-- What is not delivered yet, by the time it is promised: looked through every second.
CREATE INDEX requests_to_alarm ON requests (deliver_by) WHERE closed_at IS NULL AND delivered_at IS NULL;
