DROP INDEX looks_by_person;
DROP INDEX events_by_actor;
