ALTER TABLE supplies DROP COLUMN again_at;
ALTER TABLE joiners DROP COLUMN lang;
ALTER TABLE joiners DROP COLUMN email;
ALTER TABLE joiners DROP COLUMN last_four;
