ALTER TABLE errands DROP COLUMN wrong_codes;
ALTER TABLE errands DROP COLUMN shelf;
DROP TABLE deeds;
DROP TABLE proofs;
