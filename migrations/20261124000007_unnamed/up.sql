-- Things asked for by a photo alone: their name is a word of ours and says nothing about what a counter has.
-- Expands only: the old program does not notice.

-- NULL: stored before this was kept, so taken as named.
ALTER TABLE items ADD COLUMN unnamed BOOLEAN;
