-- The desk: looks at homes, calls made to them, how long medicines last, and what a zone tells its residents.
-- Expands only: the old program does not notice.

-- Each reading of a home's personal data: who, which home, when, why.
CREATE TABLE household_looks (
    id UUID NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    person_id UUID NOT NULL,
    household_id UUID NOT NULL,
    purpose TEXT NOT NULL
);
CREATE INDEX household_looks_by_household ON household_looks (household_id, at);

-- Calls made to homes that had been quiet, and what came of them.
CREATE TABLE outreach (
    id UUID NOT NULL PRIMARY KEY,
    zone_id UUID NOT NULL REFERENCES zones (id),
    household_id UUID NOT NULL REFERENCES households (id),
    at TIMESTAMPTZ NOT NULL,
    outcome TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES people (id),
    CONSTRAINT outreach_outcome CHECK (outcome IN ('fine', 'needs', 'no_answer'))
);
CREATE INDEX outreach_by_zone ON outreach (zone_id, at);

-- Until when a medicine that was brought is enough, as the home told; NULL: asked, and not needed any more.
CREATE TABLE supplies (
    id UUID NOT NULL PRIMARY KEY,
    zone_id UUID NOT NULL REFERENCES zones (id),
    request_id UUID NOT NULL REFERENCES requests (id),
    item TEXT NOT NULL,
    strength TEXT NOT NULL,
    enough_until TIMESTAMPTZ,
    asked_at TIMESTAMPTZ NOT NULL,
    person_id UUID NOT NULL REFERENCES people (id)
);
CREATE INDEX supplies_by_request ON supplies (request_id);
CREATE INDEX supplies_by_zone ON supplies (zone_id, asked_at);

-- What a zone tells its residents on their pages, until a time.
CREATE TABLE notices (
    id UUID NOT NULL PRIMARY KEY,
    zone_id UUID NOT NULL REFERENCES zones (id),
    title TEXT NOT NULL,
    said TEXT NOT NULL,
    title_en TEXT,
    said_en TEXT,
    made_at TIMESTAMPTZ NOT NULL,
    until_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    person_id UUID NOT NULL REFERENCES people (id)
);
CREATE INDEX notices_by_zone ON notices (zone_id, until_at);
