-- What a zone wants to reach, and when the team's own clock stood still. Expands only: the old program does not notice.

-- Rows are added, never changed: a request is measured by the row that was valid when it was submitted.
CREATE TABLE targets (
    id UUID NOT NULL PRIMARY KEY,
    zone_id UUID NOT NULL REFERENCES zones (id),
    urgency TEXT NOT NULL,
    claim_s INTEGER NOT NULL,
    deliver_s INTEGER NOT NULL,
    valid_from TIMESTAMPTZ NOT NULL,
    actor_role TEXT NOT NULL,
    actor_id UUID REFERENCES people (id),
    CONSTRAINT targets_urgency CHECK (urgency IN ('red', 'yellow', 'green')),
    CONSTRAINT targets_claim CHECK (claim_s > 0),
    CONSTRAINT targets_deliver CHECK (deliver_s >= claim_s)
);
CREATE INDEX targets_by_zone ON targets (zone_id, valid_from);

-- When the team could do nothing for a request, why, and who said so. The resident's wait goes on all the while.
-- A pause ends by itself at until_at; ended_at tells of an earlier end.
CREATE TABLE clock_pauses (
    id UUID NOT NULL PRIMARY KEY,
    zone_id UUID NOT NULL REFERENCES zones (id),
    request_id UUID NOT NULL REFERENCES requests (id),
    reason TEXT NOT NULL,
    from_at TIMESTAMPTZ NOT NULL,
    until_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    actor_role TEXT NOT NULL,
    actor_id UUID REFERENCES people (id),
    CONSTRAINT clock_pauses_reason CHECK (reason IN ('no_answer', 'shop_opens_later', 'gate_shut', 'waiting_for_consent'))
);
CREATE UNIQUE INDEX clock_pauses_one_open ON clock_pauses (request_id) WHERE ended_at IS NULL;
CREATE INDEX clock_pauses_by_request ON clock_pauses (request_id, from_at);
CREATE INDEX clock_pauses_by_zone ON clock_pauses (zone_id, from_at);

-- Requests somebody still waits for, oldest first: a few hundred among a million, whatever is delivered and not yet closed.
-- It holds all that counting them by age needs.
CREATE INDEX requests_undelivered ON requests (zone_id, submitted_at, deliver_by, state) WHERE closed_at IS NULL AND state <> 'delivered';
