-- After each delivery a check, whose call is under way, and requests that come again by themselves. Expands only.

-- One check of one delivery. A delivered request has exactly one that is open, and no other request has any.
CREATE TABLE follow_ups (
    id UUID NOT NULL PRIMARY KEY,
    zone_id UUID NOT NULL REFERENCES zones (id),
    request_id UUID NOT NULL REFERENCES requests (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    tries INTEGER NOT NULL,
    tried_at TIMESTAMPTZ,
    outcome TEXT,
    enough_until TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    actor_role TEXT,
    actor_id UUID,
    CONSTRAINT follow_ups_kind CHECK (kind IN ('medicine', 'goods', 'visit')),
    CONSTRAINT follow_ups_state CHECK (state IN ('open', 'done', 'dropped'))
);
CREATE UNIQUE INDEX follow_ups_one_open ON follow_ups (request_id) WHERE state = 'open';
CREATE INDEX follow_ups_due ON follow_ups (zone_id, due_at) WHERE state = 'open';
CREATE INDEX follow_ups_by_request ON follow_ups (request_id);
CREATE INDEX requests_delivered ON requests (id) WHERE state = 'delivered';

-- Who is calling a home just now: by the keyed marks of its door and its telephone, so that two never call it at once.
CREATE TABLE call_leases (
    mark BYTEA NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    until_at TIMESTAMPTZ NOT NULL
);

-- A request that is made again by itself. Dates are local, written 2026-12-30. Whom it is for stands nowhere here: it is
-- read from the contact of the request made last, while that exists.
CREATE TABLE recurrences (
    id UUID NOT NULL PRIMARY KEY,
    zone_id UUID NOT NULL REFERENCES zones (id),
    origin_id UUID NOT NULL REFERENCES requests (id),
    last_id UUID NOT NULL REFERENCES requests (id),
    every_days INTEGER NOT NULL,
    lead_days INTEGER NOT NULL,
    starts_on TEXT NOT NULL,
    next_on TEXT NOT NULL,
    made_on TEXT,
    until_on TEXT,
    state TEXT NOT NULL,
    set_at TIMESTAMPTZ NOT NULL,
    actor_role TEXT NOT NULL,
    actor_id UUID,
    ended_at TIMESTAMPTZ,
    ended_why TEXT,
    CONSTRAINT recurrences_state CHECK (state IN ('active', 'ended')),
    CONSTRAINT recurrences_every CHECK (every_days >= 1),
    CONSTRAINT recurrences_lead CHECK (lead_days >= 0)
);
CREATE UNIQUE INDEX recurrences_one_active ON recurrences (origin_id) WHERE state = 'active';
CREATE INDEX recurrences_next ON recurrences (next_on) WHERE state = 'active';
CREATE INDEX recurrences_by_zone ON recurrences (zone_id) WHERE state = 'active';

-- What became of each date: the request made for it; none for a date that passed while the service stood still.
CREATE TABLE recurrence_days (
    recurrence_id UUID NOT NULL REFERENCES recurrences (id),
    on_date TEXT NOT NULL,
    request_id UUID REFERENCES requests (id),
    at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (recurrence_id, on_date)
);
CREATE INDEX recurrence_days_by_request ON recurrence_days (request_id) WHERE request_id IS NOT NULL;
