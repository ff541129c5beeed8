-- Trips: an offer may hold several errands and say how it meets what the runner is doing; the stops of a trip are kept in
-- their order; what dispatch learns and what was seen at counters is remembered. Expands only: the old program does not notice.

-- How the offer meets what the runner is doing: next, add_on, divert. NULL: made before there were kinds, so next.
ALTER TABLE offers ADD COLUMN kind TEXT;
-- Where this errand would be fetched, and the places of its two stops in the order offered.
ALTER TABLE offer_errands ADD COLUMN place_id UUID REFERENCES places (id);
ALTER TABLE offer_errands ADD COLUMN collect_position INTEGER;
ALTER TABLE offer_errands ADD COLUMN deliver_position INTEGER;
CREATE INDEX offers_lapsing ON offers (lapses_at) WHERE state = 'open';

-- The places of the two stops of an errand in the runner's route. NULL: made before routes were kept, by `position`.
ALTER TABLE assignments ADD COLUMN collect_position INTEGER;
ALTER TABLE assignments ADD COLUMN deliver_position INTEGER;

-- The storey of the door, to go through a block from the top down.
ALTER TABLE errands ADD COLUMN floor INTEGER;

-- When the position was known, until when the runner means to stay, and how many errands this duty has brought.
ALTER TABLE duties ADD COLUMN placed_at TIMESTAMPTZ;
ALTER TABLE duties ADD COLUMN until_at TIMESTAMPTZ;
ALTER TABLE duties ADD COLUMN taken INTEGER;

-- The dials of a zone, and the price of a runner's second it has learned.
CREATE TABLE dials (
    zone_id UUID NOT NULL PRIMARY KEY REFERENCES zones (id),
    patience_s INTEGER NOT NULL,
    bags INTEGER,
    cart_bags INTEGER,
    trained_only BOOLEAN NOT NULL,
    price DOUBLE PRECISION NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT dials_patience CHECK (patience_s BETWEEN 0 AND 1200)
);

-- What was learned, one mean a row: of a runner, a place, or a zone at an hour of the day (-1: at any).
CREATE TABLE habits (
    subject_id UUID NOT NULL,
    what TEXT NOT NULL,
    hour INTEGER NOT NULL,
    zone_id UUID NOT NULL REFERENCES zones (id),
    n INTEGER NOT NULL,
    total DOUBLE PRECISION NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (subject_id, what, hour),
    CONSTRAINT habits_what CHECK (what IN ('accepts', 'answers_s', 'counter_s', 'speed_mps'))
);
CREATE INDEX habits_by_zone ON habits (zone_id, what);

-- What somebody saw at a counter: a drug in a strength, or any other item, by its normalised name.
CREATE TABLE sightings (
    id UUID NOT NULL PRIMARY KEY,
    zone_id UUID NOT NULL REFERENCES zones (id),
    place_id UUID NOT NULL REFERENCES places (id),
    item TEXT NOT NULL,
    strength TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    actor_role TEXT NOT NULL,
    actor_id UUID,
    CONSTRAINT sightings_outcome CHECK (outcome IN ('has', 'none', 'other_maker', 'shut'))
);
CREATE INDEX sightings_by_zone ON sightings (zone_id, at);
