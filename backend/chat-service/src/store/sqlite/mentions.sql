-- Whom `<!here>` in a text means: ids with a space between them; null for nobody.
ALTER TABLE log ADD COLUMN here TEXT;
ALTER TABLE message_folds ADD COLUMN edit_here TEXT;

-- Messages by whom a version of them named: a person, or a conversation for everybody in it.
CREATE TABLE mentions (
    whom TEXT NOT NULL,
    conversation TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (whom, conversation, ordinal)
) WITHOUT ROWID;
CREATE INDEX mentions_by_time ON mentions (whom, at, conversation, seq);

-- What people want to be told of: one of the levels, or nothing for the usual of each device.
CREATE TABLE levels (
    person TEXT NOT NULL,
    conversation TEXT NOT NULL,
    level TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (person, conversation)
) WITHOUT ROWID;
