CREATE TABLE people (
    id          TEXT PRIMARY KEY,
    email       TEXT NOT NULL,
    -- The address in lower case: one person, however they type it.
    email_key   TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    -- The name in lower case, for order and search. SQLite itself lowers only ASCII.
    name_key    TEXT NOT NULL,
    title       TEXT NOT NULL,
    time_zone   TEXT NOT NULL,
    role        TEXT NOT NULL CHECK (role IN ('member', 'administrator')),
    active      INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    -- The last version others were told about; behind `version` until they were.
    announced   INTEGER NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX people_by_name ON people (name_key, id);
CREATE INDEX people_to_announce ON people (id) WHERE announced < version;

CREATE TABLE sessions (
    id            TEXT PRIMARY KEY,
    user          TEXT NOT NULL,
    -- The code that started it: one code, one session.
    code_request  TEXT NOT NULL UNIQUE,
    device_name   TEXT NOT NULL,
    device_system TEXT NOT NULL,
    generation    INTEGER NOT NULL,
    refresh_hash  BLOB NOT NULL,
    created_at    INTEGER NOT NULL,
    used_at       INTEGER NOT NULL,
    ended_at      INTEGER,
    ended_why     TEXT
) STRICT;
CREATE INDEX sessions_by_end ON sessions (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE address_days (
    email_key TEXT NOT NULL,
    day       INTEGER NOT NULL,
    codes     INTEGER NOT NULL,
    tries     INTEGER NOT NULL,
    PRIMARY KEY (email_key, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX address_days_by_day ON address_days (day);
