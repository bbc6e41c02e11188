-- Devices: where a session was last seen, and which ones a person has.
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
CREATE INDEX running_sessions ON sessions (user, used_at) WHERE ended_at IS NULL;
CREATE INDEX running_sessions_by_use ON sessions (used_at) WHERE ended_at IS NULL;

-- The name of the person's picture, which follows from its content.
ALTER TABLE people ADD COLUMN picture TEXT;
CREATE INDEX people_deactivated ON people (id) WHERE NOT active;
-- Others were told about administrators without their role: tell them again, under a version they do not know.
UPDATE people SET version = version + 1 WHERE role = 'administrator';

CREATE TABLE pictures (
    person TEXT PRIMARY KEY REFERENCES people (id),
    name   TEXT NOT NULL,
    png    BLOB NOT NULL
) STRICT;

CREATE TABLE workspace (
    -- There is one.
    id               INTEGER PRIMARY KEY CHECK (id = 1),
    name             TEXT NOT NULL,
    -- In lower case, separated by spaces.
    sign_in_domains  TEXT NOT NULL,
    channel_creation TEXT NOT NULL CHECK (channel_creation IN ('everyone', 'administrators')),
    version          INTEGER NOT NULL
) STRICT;

CREATE TABLE invitations (
    id          TEXT PRIMARY KEY,
    email       TEXT NOT NULL,
    email_key   TEXT NOT NULL,
    role        TEXT NOT NULL CHECK (role IN ('member', 'administrator')),
    -- SHA-256 of the 128 random bits of its code.
    code_hash   BLOB NOT NULL UNIQUE,
    invited_by  TEXT NOT NULL,
    invited_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    accepted_at INTEGER
) STRICT;
-- One open invitation per address: a new one replaces it.
CREATE UNIQUE INDEX open_invitations ON invitations (email_key) WHERE accepted_at IS NULL;
CREATE INDEX invitations_by_address ON invitations (email_key, expires_at);
CREATE INDEX invitations_by_time ON invitations (invited_at, id);

CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    actor   TEXT,
    action  TEXT NOT NULL,
    target  TEXT,
    detail  TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_actor ON audit (actor, seq);
CREATE INDEX audit_by_action ON audit (action, seq);
CREATE TRIGGER audit_lines_do_not_change BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_lines_are_not_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_lines_stay BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
