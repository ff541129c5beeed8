ALTER TABLE events DROP COLUMN received_at;
