-- What was truly got at a counter, and what was not taken at a door.
-- Expands only: the old program does not notice.

-- Of each thing of an errand: as asked, of another maker, or not at all, and who allowed that. An errand without rows was
-- collected as it was asked for.
CREATE TABLE fetched (
    errand_id UUID NOT NULL REFERENCES errands (id),
    position INTEGER NOT NULL,
    request_id UUID NOT NULL REFERENCES requests (id),
    got TEXT NOT NULL,
    consent TEXT,
    at TIMESTAMPTZ NOT NULL,
    runner_id UUID NOT NULL REFERENCES people (id),
    PRIMARY KEY (errand_id, position),
    CONSTRAINT fetched_got CHECK (got IN ('as_asked', 'swap', 'none')),
    CONSTRAINT fetched_consent CHECK (consent IN ('as_written', 'answered', 'call'))
);
CREATE INDEX fetched_by_request ON fetched (request_id);

-- Goods the household did not take: in the runner's hands until staff say what becomes of them.
CREATE TABLE refused_goods (
    errand_id UUID NOT NULL REFERENCES errands (id),
    position INTEGER NOT NULL,
    request_id UUID NOT NULL REFERENCES requests (id),
    zone_id UUID NOT NULL REFERENCES zones (id),
    at TIMESTAMPTZ NOT NULL,
    runner_id UUID NOT NULL REFERENCES people (id),
    PRIMARY KEY (errand_id, position)
);
CREATE INDEX refused_goods_by_request ON refused_goods (request_id);
CREATE INDEX refused_goods_by_zone ON refused_goods (zone_id, at);
