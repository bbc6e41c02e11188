-- The highest ordinal a person has ever read: what others are told, so that "mark unread" stays private.
ALTER TABLE read_marks ADD COLUMN furthest INTEGER NOT NULL DEFAULT 0;
UPDATE read_marks SET furthest = ordinal;

CREATE TABLE last_seen (
  person TEXT PRIMARY KEY,
  at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID
