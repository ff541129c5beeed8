-- Who joined an open request is told, too, and finds it by the own telephone; and a medicine call nobody answered is made
-- again the next day. Expands only: the old program does not notice.

-- A keyed hash of the last four digits of the joiner's telephone. Wiped with the contact, as is the address for letters.
ALTER TABLE joiners ADD COLUMN last_four BYTEA;
ALTER TABLE joiners ADD COLUMN email TEXT;
ALTER TABLE joiners ADD COLUMN lang TEXT;

-- Nobody answered: then nothing was told, and it is asked again from this time on.
ALTER TABLE supplies ADD COLUMN again_at TIMESTAMPTZ;
