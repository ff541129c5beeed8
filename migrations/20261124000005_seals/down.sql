ALTER TABLE duties DROP COLUMN sealed_off_at;
DROP TABLE seals;
