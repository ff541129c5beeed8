-- People who offer to be runners, who looked at their names, and the links that let somebody in once. Expands only:
-- the old program does not notice.

CREATE TABLE volunteers (
    id UUID NOT NULL PRIMARY KEY,
    zone_id UUID NOT NULL REFERENCES zones (id),
    state TEXT NOT NULL,
    building_id UUID REFERENCES buildings (id),
    skills TEXT NOT NULL,
    lang TEXT NOT NULL,
    -- Wiped once the offer is approved (then it stands with the account), and some days after it was declined.
    name TEXT,
    phone TEXT,
    email TEXT,
    free_when TEXT,
    made_at TIMESTAMPTZ NOT NULL,
    answered_at TIMESTAMPTZ,
    answered_by UUID REFERENCES people (id),
    -- Why it was declined: a word.
    reason TEXT,
    -- The account that was made of it.
    person_id UUID REFERENCES people (id),
    CONSTRAINT volunteers_state CHECK (state IN ('waiting', 'approved', 'declined'))
);
CREATE INDEX volunteers_waiting ON volunteers (zone_id, id) WHERE state = 'waiting';
CREATE INDEX volunteers_by_person ON volunteers (person_id);

CREATE TABLE volunteer_looks (
    id UUID NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    person_id UUID NOT NULL,
    volunteer_id UUID NOT NULL,
    purpose TEXT NOT NULL
);
CREATE INDEX volunteer_looks_by_volunteer ON volunteer_looks (volunteer_id, at);

-- Only the hash of a link's token is kept. It opens one session, and then none.
CREATE TABLE sign_in_links (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    person_id UUID NOT NULL REFERENCES people (id),
    made_by UUID NOT NULL REFERENCES people (id),
    made_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    -- A newer link, or one that was used, took its place.
    ended_at TIMESTAMPTZ,
    CONSTRAINT sign_in_links_token UNIQUE (token_hash)
);
CREATE INDEX sign_in_links_of_person ON sign_in_links (person_id, id);
CREATE INDEX sign_in_links_expiry ON sign_in_links (expires_at);
