-- What a runner did without a network arrives later: the journal keeps when it was done (at) and when it was heard of.
-- Expands only: the old program does not notice.

-- NULL: heard of when it was done.
ALTER TABLE events ADD COLUMN received_at TIMESTAMPTZ;
