-- What is done to messages and channels: the log's new columns, and what the new entries fold into.
-- `target` is the seq of the message that an entry changes, or that a message answers; `is_on` says on or off.
ALTER TABLE log ADD COLUMN target INTEGER;
ALTER TABLE log ADD COLUMN is_on INTEGER;
CREATE INDEX log_edits ON log (conversation, target, seq) WHERE kind = 'edit';

ALTER TABLE conversations ADD COLUMN topic TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN topic_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN archived_seq INTEGER NOT NULL DEFAULT 0;

-- One row per message that is not as it was sent. Every field is guarded by the seq that wrote it; a deletion is final.
CREATE TABLE message_folds (
  conversation TEXT NOT NULL,
  seq          INTEGER NOT NULL,
  edit_seq     INTEGER,
  edit_at      INTEGER,
  edit_body    TEXT,
  deleted_seq  INTEGER,
  deleted_at   INTEGER,
  deleted_by   TEXT,
  pin_seq      INTEGER,
  pinned       INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_folds_pinned ON message_folds (conversation, seq) WHERE pinned = 1 AND deleted_seq IS NULL;

-- One row per message, emoji and person; taken away again it stays with is_on = 0.
CREATE TABLE reactions (
  conversation TEXT NOT NULL,
  target       INTEGER NOT NULL,
  emoji        TEXT NOT NULL,
  person       TEXT NOT NULL,
  is_on        INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  PRIMARY KEY (conversation, target, emoji, person)
) STRICT, WITHOUT ROWID;

ALTER TABLE people ADD COLUMN role TEXT NOT NULL DEFAULT 'member';

-- The copy of the workspace's settings: one row.
CREATE TABLE workspace (
  id               INTEGER PRIMARY KEY CHECK (id = 1),
  channel_creation TEXT NOT NULL,
  version          INTEGER NOT NULL
) STRICT
