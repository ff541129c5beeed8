-- Who did what, and who looked at what: by account, latest first.
CREATE INDEX events_by_actor ON events (actor_id, id) WHERE actor_id IS NOT NULL;
CREATE INDEX looks_by_person ON looks (person_id, id);
