-- Seals with a beginning and an end, and all there ever were. What holds now stands in the building's row as before;
-- what is to come is here until it begins. Expands only: the old program does not notice.

CREATE TABLE seals (
    id UUID NOT NULL PRIMARY KEY,
    building_id UUID NOT NULL REFERENCES buildings (id),
    zone_id UUID NOT NULL REFERENCES zones (id),
    seal TEXT NOT NULL,
    from_at TIMESTAMPTZ NOT NULL,
    until_at TIMESTAMPTZ,
    -- When it took hold, and when it ended: by itself, replaced by another, or taken back before it began.
    begun_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    made_by UUID REFERENCES people (id),
    made_at TIMESTAMPTZ NOT NULL,
    -- The line of the official list it was read from.
    source TEXT,
    CONSTRAINT seals_seal CHECK (seal IN ('open', 'sealed', 'stairs_only'))
);
CREATE INDEX seals_of_building ON seals (building_id, made_at);
CREATE INDEX seals_to_come ON seals (from_at) WHERE begun_at IS NULL AND ended_at IS NULL;
CREATE INDEX seals_running ON seals (until_at) WHERE begun_at IS NOT NULL AND ended_at IS NULL;

-- It was a seal that took this runner off duty: when it goes, the runner is on duty again.
ALTER TABLE duties ADD COLUMN sealed_off_at TIMESTAMPTZ;
