-- The house. One file for both backings: PostgreSQL takes it as it stands, SQLite by type affinity
-- (UUID is stored as a 16-byte blob, TIMESTAMPTZ as whole microseconds since 1970).
-- Ids are UUIDv7 made by the application; no default ever depends on the database's clock or sequence.

CREATE TABLE zones (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    street TEXT NOT NULL,
    district TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT zones_code UNIQUE (code)
);

CREATE TABLE buildings (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    zone_id UUID NOT NULL REFERENCES zones (id),
    compound TEXT NOT NULL,
    name TEXT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    floors INTEGER,
    lift BOOLEAN,
    seal TEXT NOT NULL,
    sealed_until TIMESTAMPTZ,
    gate_lat DOUBLE PRECISION,
    gate_lon DOUBLE PRECISION,
    CONSTRAINT buildings_code UNIQUE (code),
    CONSTRAINT buildings_seal CHECK (seal IN ('open', 'sealed', 'stairs_only'))
);
CREATE INDEX buildings_by_zone ON buildings (zone_id, code);

CREATE TABLE places (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    zone_id UUID NOT NULL REFERENCES zones (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    opens_minute INTEGER,
    closes_minute INTEGER,
    phone TEXT,
    CONSTRAINT places_code UNIQUE (code),
    CONSTRAINT places_kind CHECK (kind IN ('pharmacy', 'shop', 'market', 'hospital', 'depot'))
);
CREATE INDEX places_by_zone ON places (zone_id, kind);

CREATE TABLE people (
    id UUID NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    zone_id UUID NOT NULL REFERENCES zones (id),
    phone TEXT,
    email TEXT,
    building_id UUID REFERENCES buildings (id),
    skills TEXT NOT NULL,
    password_hash TEXT,
    disabled_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT people_username UNIQUE (username)
);
CREATE INDEX people_by_zone ON people (zone_id, username);

-- A runner's duty and last known position: one row a runner, written often.
CREATE TABLE duties (
    person_id UUID NOT NULL PRIMARY KEY REFERENCES people (id),
    zone_id UUID NOT NULL REFERENCES zones (id),
    on_at TIMESTAMPTZ,
    off_at TIMESTAMPTZ,
    lat DOUBLE PRECISION,
    lon DOUBLE PRECISION,
    accuracy_m DOUBLE PRECISION,
    seen_at TIMESTAMPTZ NOT NULL,
    quiet_until TIMESTAMPTZ
);
CREATE INDEX duties_on ON duties (zone_id) WHERE off_at IS NULL;

CREATE TABLE households (
    id UUID NOT NULL PRIMARY KEY,
    building_id UUID NOT NULL REFERENCES buildings (id),
    room TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT,
    care TEXT NOT NULL,
    CONSTRAINT households_door UNIQUE (building_id, room)
);

CREATE TABLE requests (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    token_hash BYTEA NOT NULL,
    zone_id UUID NOT NULL REFERENCES zones (id),
    building_id UUID NOT NULL REFERENCES buildings (id),
    place_id UUID REFERENCES places (id),
    channel TEXT NOT NULL,
    asking_for TEXT NOT NULL,
    category TEXT NOT NULL,
    hand_over TEXT NOT NULL,
    care TEXT NOT NULL,
    urgency TEXT NOT NULL,
    urgency_reason TEXT NOT NULL,
    doses_left INTEGER,
    doses_per_day INTEGER,
    next_dose_at TIMESTAMPTZ,
    state TEXT NOT NULL,
    care_reason TEXT,
    submitted_at TIMESTAMPTZ NOT NULL,
    deliver_by TIMESTAMPTZ NOT NULL,
    claimed_at TIMESTAMPTZ,
    collected_at TIMESTAMPTZ,
    delivered_at TIMESTAMPTZ,
    closed_at TIMESTAMPTZ,
    to_claim_us BIGINT,
    to_collect_us BIGINT,
    to_deliver_us BIGINT,
    CONSTRAINT requests_code UNIQUE (code),
    CONSTRAINT requests_token UNIQUE (token_hash),
    CONSTRAINT requests_category CHECK (category IN ('medicine', 'food', 'daily', 'care_visit', 'other')),
    CONSTRAINT requests_urgency CHECK (urgency IN ('red', 'yellow', 'green')),
    CONSTRAINT requests_state CHECK (state IN ('waiting', 'offered', 'claimed', 'collected', 'at_gate', 'delivered', 'closed', 'cancelled', 'care'))
);
CREATE INDEX requests_by_zone ON requests (zone_id, submitted_at);
CREATE INDEX requests_open ON requests (zone_id, deliver_by) WHERE closed_at IS NULL;

-- Who asked and where the door is, apart from the request: what is shown before a claim never joins this table,
-- and wiping personal data is deleting its row.
CREATE TABLE contacts (
    request_id UUID NOT NULL PRIMARY KEY REFERENCES requests (id),
    room TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT,
    lang TEXT NOT NULL,
    patient_name TEXT,
    patient_phone TEXT,
    note TEXT
);

CREATE TABLE items (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES requests (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    strength TEXT,
    quantity INTEGER NOT NULL,
    unit TEXT NOT NULL,
    substitution TEXT NOT NULL,
    CONSTRAINT items_position UNIQUE (request_id, position),
    CONSTRAINT items_quantity CHECK (quantity > 0),
    CONSTRAINT items_substitution CHECK (substitution IN ('exact', 'same_drug', 'ask_me', 'ask_family'))
);

-- One leg of carrying out a request. state + fence + lease_until guard every move (docs/adr/0002).
CREATE TABLE errands (
    id UUID NOT NULL PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES requests (id),
    leg INTEGER NOT NULL,
    zone_id UUID NOT NULL REFERENCES zones (id),
    building_id UUID NOT NULL REFERENCES buildings (id),
    place_id UUID REFERENCES places (id),
    category TEXT NOT NULL,
    urgency TEXT NOT NULL,
    bags INTEGER NOT NULL,
    state TEXT NOT NULL,
    fence BIGINT NOT NULL,
    runner_id UUID REFERENCES people (id),
    lease_until TIMESTAMPTZ,
    deliver_by TIMESTAMPTZ NOT NULL,
    waiting_since TIMESTAMPTZ NOT NULL,
    nobody_reason TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT errands_leg UNIQUE (request_id, leg),
    CONSTRAINT errands_state CHECK (state IN ('waiting', 'offered', 'claimed', 'collected', 'at_gate', 'delivered', 'closed', 'cancelled', 'care')),
    CONSTRAINT errands_urgency CHECK (urgency IN ('red', 'yellow', 'green'))
);
CREATE INDEX errands_waiting ON errands (zone_id, deliver_by) WHERE state = 'waiting';
CREATE INDEX errands_leased ON errands (lease_until) WHERE state IN ('offered', 'claimed', 'collected');
CREATE INDEX errands_of_runner ON errands (runner_id) WHERE runner_id IS NOT NULL;

-- An errand (or several, a trip) held for one runner until it is accepted, declined or lapses.
CREATE TABLE offers (
    id UUID NOT NULL PRIMARY KEY,
    zone_id UUID NOT NULL REFERENCES zones (id),
    runner_id UUID NOT NULL REFERENCES people (id),
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    distance_m DOUBLE PRECISION,
    made_at TIMESTAMPTZ NOT NULL,
    lapses_at TIMESTAMPTZ NOT NULL,
    answered_at TIMESTAMPTZ,
    decline_reason TEXT,
    CONSTRAINT offers_state CHECK (state IN ('open', 'accepted', 'declined', 'lapsed', 'withdrawn'))
);
CREATE INDEX offers_open ON offers (runner_id) WHERE state = 'open';

CREATE TABLE offer_errands (
    offer_id UUID NOT NULL REFERENCES offers (id),
    errand_id UUID NOT NULL REFERENCES errands (id),
    position INTEGER NOT NULL,
    fence BIGINT NOT NULL,
    PRIMARY KEY (offer_id, errand_id)
);
CREATE INDEX offer_errands_by_errand ON offer_errands (errand_id);

CREATE TABLE assignments (
    id UUID NOT NULL PRIMARY KEY,
    errand_id UUID NOT NULL REFERENCES errands (id),
    runner_id UUID NOT NULL REFERENCES people (id),
    trip_id UUID NOT NULL,
    position INTEGER NOT NULL,
    fence BIGINT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    ended_as TEXT,
    CONSTRAINT assignments_fence UNIQUE (errand_id, fence)
);
-- The second lock: whatever else fails, one errand has at most one runner.
CREATE UNIQUE INDEX assignments_one_active ON assignments (errand_id) WHERE ended_at IS NULL;
CREATE INDEX assignments_active_by_runner ON assignments (runner_id) WHERE ended_at IS NULL;

-- What happened, append-only (store/guards.rs adds triggers that refuse UPDATE and DELETE). Never a name, address or phone.
CREATE TABLE events (
    id UUID NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    zone_id UUID NOT NULL,
    request_id UUID,
    errand_id UUID,
    kind TEXT NOT NULL,
    state TEXT,
    actor_role TEXT NOT NULL,
    actor_id UUID,
    reason TEXT
);
CREATE INDEX events_by_request ON events (request_id, id);
CREATE INDEX events_by_zone ON events (zone_id, id);

-- What somebody said beside an event, in own words: apart from the journal, because it may have to be wiped.
CREATE TABLE remarks (
    event_id UUID NOT NULL PRIMARY KEY REFERENCES events (id),
    request_id UUID NOT NULL REFERENCES requests (id),
    said TEXT NOT NULL
);
CREATE INDEX remarks_by_request ON remarks (request_id);

-- Letters to send, enqueued in the transaction they tell of. Ids only: the letter is written from fresh rows.
CREATE TABLE outbox (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    ref_id UUID NOT NULL,
    dedupe_key TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TIMESTAMPTZ NOT NULL,
    locked_until TIMESTAMPTZ,
    done_at TIMESTAMPTZ,
    dead_at TIMESTAMPTZ,
    last_error TEXT,
    CONSTRAINT outbox_dedupe UNIQUE (dedupe_key)
);
CREATE INDEX outbox_due ON outbox (next_at) WHERE done_at IS NULL AND dead_at IS NULL;

-- First answer kept per key, so that a resend is the same act.
CREATE TABLE idempotency_keys (
    scope TEXT NOT NULL,
    key_hash BYTEA NOT NULL,
    body_hash BYTEA NOT NULL,
    ref_id UUID NOT NULL,
    answer TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (scope, key_hash)
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    person_id UUID NOT NULL REFERENCES people (id),
    made_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ,
    CONSTRAINT sessions_token UNIQUE (token_hash)
);
CREATE INDEX sessions_by_person ON sessions (person_id);

-- Each reading of personal data: who, which request, when, why.
CREATE TABLE looks (
    id UUID NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    person_id UUID NOT NULL,
    request_id UUID NOT NULL,
    purpose TEXT NOT NULL
);
CREATE INDEX looks_by_request ON looks (request_id, at);
