CREATE TABLE conversations (
  id           TEXT PRIMARY KEY,
  kind         TEXT NOT NULL,
  visibility   TEXT NOT NULL,
  created_by   TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  epoch        TEXT NOT NULL,
  first_name   TEXT,
  name         TEXT,
  name_key     TEXT,
  name_seq     INTEGER NOT NULL,
  member_count INTEGER NOT NULL,
  folded       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX conversations_by_name ON conversations (name_key) WHERE name_key IS NOT NULL;

-- Claims: a row here keeps every other channel from the name, even while a rename is on its way.
CREATE TABLE channel_names (
  name_key     TEXT PRIMARY KEY,
  conversation TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX channel_names_by_conversation ON channel_names (conversation);

-- A person who left stays as a row with member = 0, guarded by the seq that wrote it.
CREATE TABLE members (
  conversation TEXT NOT NULL,
  person       TEXT NOT NULL,
  member       INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  PRIMARY KEY (conversation, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_by_person ON members (person, member);

CREATE TABLE log (
  conversation TEXT NOT NULL,
  seq          INTEGER NOT NULL,
  ordinal      INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  author       TEXT NOT NULL,
  client_id    TEXT NOT NULL,
  kind         TEXT NOT NULL,
  text         TEXT NOT NULL,
  PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX log_by_client_id ON log (author, client_id);

CREATE TABLE read_marks (
  person       TEXT NOT NULL,
  conversation TEXT NOT NULL,
  generation   INTEGER NOT NULL,
  ordinal      INTEGER NOT NULL,
  PRIMARY KEY (person, conversation)
) STRICT, WITHOUT ROWID;

CREATE TABLE people (
  id      TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  active  INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID
