-- A runner at the counter asks the resident about one of the things asked for. The thing is named by its place in the
-- list, so that whoever holds the link learns of no medicine.
CREATE TABLE questions (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES requests (id),
    errand_id UUID NOT NULL REFERENCES errands (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    offer TEXT,
    asked_at TIMESTAMPTZ NOT NULL,
    asked_by UUID NOT NULL REFERENCES people (id),
    answered_at TIMESTAMPTZ,
    answer TEXT,
    answered_by TEXT,
    answered_by_id UUID,
    CONSTRAINT questions_kind CHECK (kind IN ('out_of_stock', 'other_maker')),
    CONSTRAINT questions_answer CHECK (answer IN ('swap', 'wait', 'drop'))
);
CREATE INDEX questions_by_request ON questions (request_id);
-- Asking twice before the answer is asking once.
CREATE UNIQUE INDEX questions_one_open ON questions (request_id, position, kind) WHERE answered_at IS NULL;

-- Keyed hashes by which a second asking is recognised: of the door and of the telephones. Wiped with the contact.
CREATE TABLE marks (
    request_id UUID NOT NULL PRIMARY KEY REFERENCES requests (id),
    zone_id UUID NOT NULL REFERENCES zones (id),
    door BYTEA NOT NULL,
    phone BYTEA NOT NULL,
    patient_phone BYTEA
);
CREATE INDEX marks_by_door ON marks (door);
CREATE INDEX marks_by_phone ON marks (phone);
CREATE INDEX marks_by_patient_phone ON marks (patient_phone) WHERE patient_phone IS NOT NULL;

-- Somebody else of the same door asked for the same: a link of their own to the open request.
CREATE TABLE joiners (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    request_id UUID NOT NULL REFERENCES requests (id),
    joined_at TIMESTAMPTZ NOT NULL,
    same_phone BOOLEAN NOT NULL,
    CONSTRAINT joiners_token UNIQUE (token_hash)
);
CREATE INDEX joiners_by_request ON joiners (request_id);

-- A zone that takes red requests alone for a while, and the text that says so.
CREATE TABLE pauses (
    zone_id UUID NOT NULL PRIMARY KEY REFERENCES zones (id),
    paused BOOLEAN NOT NULL,
    said TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);
