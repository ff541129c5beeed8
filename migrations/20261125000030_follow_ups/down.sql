DROP TABLE recurrence_days;
DROP TABLE recurrences;
DROP TABLE call_leases;
DROP INDEX requests_delivered;
DROP TABLE follow_ups;
