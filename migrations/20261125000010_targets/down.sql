DROP INDEX requests_undelivered;
DROP TABLE clock_pauses;
DROP TABLE targets;
