-- How a delivery was proved, what a runner did last and may take back, and where a bag lies at a gate. Expands only.

-- A delivery has one row, whatever its proof; a failed visit and a hand-over have one when there is a photo.
CREATE TABLE proofs (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES requests (id),
    errand_id UUID NOT NULL REFERENCES errands (id),
    step TEXT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT proofs_kind CHECK (kind IN ('code', 'photo', 'none', 'override')),
    photo_id UUID REFERENCES photos (id),
    at TIMESTAMPTZ NOT NULL,
    by_role TEXT NOT NULL,
    by_id UUID REFERENCES people (id),
    -- When what it proves was taken back.
    undone_at TIMESTAMPTZ
);
CREATE INDEX proofs_by_request ON proofs (request_id, id);
CREATE INDEX proofs_by_errand ON proofs (errand_id);

-- The last thing its runner did to an errand, as long as it can be taken back: one row an errand.
CREATE TABLE deeds (
    errand_id UUID NOT NULL PRIMARY KEY REFERENCES errands (id),
    runner_id UUID NOT NULL REFERENCES people (id),
    step TEXT NOT NULL,
    -- How the errand stood before.
    was TEXT NOT NULL,
    -- Of the errand when it was done.
    fence BIGINT NOT NULL,
    -- Its line of the journal: as long as no other step follows there, nobody has acted since.
    event_id UUID NOT NULL,
    -- When it was taken down here, however long ago it was done.
    done_at TIMESTAMPTZ NOT NULL,
    undone_at TIMESTAMPTZ
);
CREATE INDEX deeds_by_runner ON deeds (runner_id, done_at);

-- Where at the gate the bag lies, in the words of who left it there.
ALTER TABLE errands ADD COLUMN shelf TEXT;
-- Codes that were read out and did not fit.
ALTER TABLE errands ADD COLUMN wrong_codes INTEGER;
