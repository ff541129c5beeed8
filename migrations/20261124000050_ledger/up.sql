-- What goods cost, and what households gave for them. Amounts are whole fen (a hundredth of a yuan). Rows are added, never
-- changed: a receipt that was booked again is voided, a settlement is corrected by another. Expands only.

CREATE TABLE receipts (
    id UUID NOT NULL PRIMARY KEY,
    zone_id UUID NOT NULL REFERENCES zones (id),
    runner_id UUID NOT NULL REFERENCES people (id),
    place_id UUID REFERENCES places (id),
    total_fen BIGINT NOT NULL,
    photo_id UUID REFERENCES photos (id),
    at TIMESTAMPTZ NOT NULL,
    voided_at TIMESTAMPTZ,
    CONSTRAINT receipts_total CHECK (total_fen >= 0)
);
CREATE INDEX receipts_by_zone ON receipts (zone_id, at);

-- One line of a receipt: what one thing of one request cost.
CREATE TABLE outlays (
    id UUID NOT NULL PRIMARY KEY,
    receipt_id UUID NOT NULL REFERENCES receipts (id),
    request_id UUID NOT NULL REFERENCES requests (id),
    errand_id UUID NOT NULL REFERENCES errands (id),
    position INTEGER NOT NULL,
    fen BIGINT NOT NULL,
    CONSTRAINT outlays_fen CHECK (fen >= 0)
);
CREATE INDEX outlays_by_receipt ON outlays (receipt_id);
CREATE INDEX outlays_by_request ON outlays (request_id);

-- What a household gave; below zero for what it got back.
CREATE TABLE settlements (
    id UUID NOT NULL PRIMARY KEY,
    zone_id UUID NOT NULL REFERENCES zones (id),
    request_id UUID NOT NULL REFERENCES requests (id),
    fen BIGINT NOT NULL,
    how TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    actor_role TEXT NOT NULL,
    actor_id UUID NOT NULL REFERENCES people (id),
    CONSTRAINT settlements_how CHECK (how IN ('cash', 'transfer', 'card'))
);
CREATE INDEX settlements_by_request ON settlements (request_id);
