ALTER TABLE errands DROP COLUMN passed_on_at;
