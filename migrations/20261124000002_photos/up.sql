-- Photos of boxes, for those who cannot write the name: kept in the store, far from what is served as files. One without a
-- request was taken for a form that was not sent (yet). Expands only.
CREATE TABLE photos (
    id UUID NOT NULL PRIMARY KEY,
    -- What the form carries from step to step; the store knows its hash alone.
    token_hash BYTEA NOT NULL,
    request_id UUID REFERENCES requests (id),
    -- Of the item it shows.
    position INTEGER,
    jpeg BYTEA NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT photos_token UNIQUE (token_hash)
);
CREATE INDEX photos_by_request ON photos (request_id);
CREATE INDEX photos_unclaimed ON photos (made_at) WHERE request_id IS NULL;
