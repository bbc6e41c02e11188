-- Events that are to be published, until the bus has confirmed them.
CREATE TABLE outbox (
    id         TEXT PRIMARY KEY,
    -- Readable only with a key that follows from the pepper.
    sealed     BLOB NOT NULL,
    kept_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_by_age ON outbox (kept_at, id);

-- Whether others were told that a session ended. Of those that ended before, nobody needs to hear.
ALTER TABLE sessions ADD COLUMN end_announced INTEGER NOT NULL DEFAULT 0;
UPDATE sessions SET end_announced = 1 WHERE ended_at IS NOT NULL;
CREATE INDEX session_ends_to_announce ON sessions (id) WHERE ended_at IS NOT NULL AND NOT end_announced;
