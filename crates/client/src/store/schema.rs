//! The tables, as a list of steps that only grows.

/// Step N brings a file from version N to N + 1. Never change a step that was released: append one.
///
/// A file that takes any step has its entries folded again, because it may hold kinds that were unknown so far. So a
/// version that learns a kind of entry appends a step, if only an empty one.
pub(super) const STEPS: &[&str] = &[
    "
    CREATE TABLE account (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        server TEXT NOT NULL,
        user TEXT NOT NULL,
        email TEXT NOT NULL,
        workspace TEXT NOT NULL
    );

    -- Conversations the person is a member of.
    CREATE TABLE conversation (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        visibility TEXT NOT NULL,
        name TEXT,
        members TEXT NOT NULL,
        member_count INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        -- Name and member count are those after this entry; later entries are folded into them.
        facts_seq INTEGER NOT NULL,
        epoch TEXT NOT NULL,
        head INTEGER NOT NULL,
        ordinal INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        read_generation INTEGER NOT NULL,
        read_ordinal INTEGER NOT NULL,
        -- 1 while the server has not been told of the read mark.
        read_unsent INTEGER NOT NULL DEFAULT 0,
        -- The seq up to which everything new has arrived: where the cursor stands. Null before the first page.
        edge INTEGER
    );

    CREATE TABLE entry (
        conversation TEXT NOT NULL,
        seq INTEGER NOT NULL,
        ordinal INTEGER NOT NULL,
        at INTEGER NOT NULL,
        author TEXT NOT NULL,
        client_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        PRIMARY KEY (conversation, seq)
    );

    -- Which entries are held without a hole. Two stretches of a conversation never touch.
    CREATE TABLE stretch (
        conversation TEXT NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (conversation, first)
    ) WITHOUT ROWID;

    CREATE TABLE person (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        email TEXT NOT NULL,
        time_zone TEXT NOT NULL,
        active INTEGER NOT NULL,
        version INTEGER NOT NULL
    );

    -- People who were seen and are not known yet, or changed.
    CREATE TABLE person_wanted (id TEXT PRIMARY KEY) WITHOUT ROWID;

    CREATE TABLE draft (
        conversation TEXT PRIMARY KEY,
        text TEXT NOT NULL
    );

    -- Messages that are not known to be stored on the server, in the order they were written.
    CREATE TABLE outbox (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        client_id TEXT NOT NULL UNIQUE,
        conversation TEXT NOT NULL,
        body TEXT NOT NULL,
        written_at INTEGER NOT NULL,
        -- Why the server refused it for good, as JSON.
        failure TEXT,
        -- The server has stored it under this seq, which has not arrived here yet.
        stored_seq INTEGER
    );
    CREATE INDEX outbox_by_conversation ON outbox (conversation, position);
",
    "
    ALTER TABLE conversation ADD COLUMN topic TEXT NOT NULL DEFAULT '';
    ALTER TABLE conversation ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;

    -- The message that this entry changes; null for what stands for itself.
    ALTER TABLE entry ADD COLUMN target INTEGER;
    -- The message that this message answers.
    ALTER TABLE entry ADD COLUMN reply_to INTEGER;
    -- The server's fold of this message up to this seq was taken over; see `store::entries` for what that means.
    ALTER TABLE entry ADD COLUMN known_to INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX entry_by_target ON entry (conversation, target) WHERE target IS NOT NULL;
    CREATE INDEX entry_by_reply ON entry (conversation, reply_to) WHERE reply_to IS NOT NULL;

    -- What later entries made of messages, held or not.
    CREATE TABLE fold (
        conversation TEXT NOT NULL,
        seq INTEGER NOT NULL,
        state TEXT NOT NULL,
        PRIMARY KEY (conversation, seq)
    ) WITHOUT ROWID;

    ALTER TABLE person ADD COLUMN role TEXT NOT NULL DEFAULT '\"member\"';
    ALTER TABLE person ADD COLUMN picture TEXT;

    -- What a row names by its seq is the message of this epoch.
    ALTER TABLE outbox ADD COLUMN epoch TEXT NOT NULL DEFAULT '';
    ALTER TABLE outbox ADD COLUMN reply_to INTEGER;
    -- Of an act on a message: that message, and the act as JSON. A row without them is a message.
    ALTER TABLE outbox ADD COLUMN target INTEGER;
    ALTER TABLE outbox ADD COLUMN act TEXT;

    CREATE TABLE workspace (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        settings TEXT NOT NULL
    );

    -- Pictures of people, those used last.
    CREATE TABLE picture (
        person TEXT NOT NULL,
        picture TEXT NOT NULL,
        image BLOB NOT NULL,
        used_at INTEGER NOT NULL,
        PRIMARY KEY (person, picture)
    );
",
    "
    -- The words of each message that can be found, as it reads now; see `store::index`. Ids ascend with time.
    CREATE TABLE searched (
        id INTEGER PRIMARY KEY,
        conversation TEXT NOT NULL,
        seq INTEGER NOT NULL,
        author TEXT NOT NULL,
        text TEXT NOT NULL,
        -- Where it stands and who wrote it, as words.
        marks TEXT GENERATED ALWAYS AS ('all ' || replace(conversation, '_', '') || ' ' || replace(author, '_', ''))
    );
    CREATE UNIQUE INDEX searched_by_place ON searched (conversation, seq);

    CREATE VIRTUAL TABLE message_index
        USING fts5(text, marks, content = 'searched', content_rowid = 'id', tokenize = 'ascii');
    INSERT INTO message_index (message_index, rank) VALUES ('secure-delete', 1);
    CREATE TRIGGER searched_added AFTER INSERT ON searched BEGIN
        INSERT INTO message_index (rowid, text, marks) VALUES (new.id, new.text, new.marks);
    END;
    CREATE TRIGGER searched_removed AFTER DELETE ON searched BEGIN
        INSERT INTO message_index (message_index, rowid, text, marks)
            VALUES ('delete', old.id, old.text, old.marks);
    END;
    CREATE TRIGGER searched_changed AFTER UPDATE ON searched BEGIN
        INSERT INTO message_index (message_index, rowid, text, marks)
            VALUES ('delete', old.id, old.text, old.marks);
        INSERT INTO message_index (rowid, text, marks) VALUES (new.id, new.text, new.marks);
    END;

    -- Rows of `entry` that were kept without an index: those behind `next`, up to `last`, are to be added.
    CREATE TABLE index_work (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        next INTEGER NOT NULL,
        last INTEGER NOT NULL
    );
    INSERT INTO index_work SELECT 1, 0, coalesce(max(rowid), 0) FROM entry;

    -- Conversations whose log was forgotten: rows of `searched` from seq `next` on may be of entries that are gone.
    CREATE TABLE index_forgotten (
        conversation TEXT PRIMARY KEY,
        next INTEGER NOT NULL
    ) WITHOUT ROWID;
",
    "
    -- Messages that mention the person, held or told by the server; see `store::mentions`.
    CREATE TABLE mention (
        conversation TEXT NOT NULL,
        seq INTEGER NOT NULL,
        ordinal INTEGER NOT NULL,
        PRIMARY KEY (conversation, seq)
    ) WITHOUT ROWID;
    CREATE INDEX mention_by_ordinal ON mention (conversation, ordinal);

    -- The newest statement of the server: mentions behind `told_behind` as of `told_head`.
    CREATE TABLE mention_told (
        conversation TEXT NOT NULL,
        seq INTEGER NOT NULL,
        ordinal INTEGER NOT NULL,
        PRIMARY KEY (conversation, seq)
    ) WITHOUT ROWID;
    ALTER TABLE conversation ADD COLUMN told_head INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE conversation ADD COLUMN told_behind INTEGER NOT NULL DEFAULT 0;

    -- The seq that made the person a member: nothing before it mentions them.
    ALTER TABLE conversation ADD COLUMN member_since INTEGER NOT NULL DEFAULT 0;
    -- The seq that a statement must reach that the server is to be asked for; 0 when there is nothing to ask.
    ALTER TABLE conversation ADD COLUMN mentions_wanted INTEGER NOT NULL DEFAULT 0;
    -- Of which messages the person wants to be told, as JSON, and how often that was chosen as far as the server said.
    ALTER TABLE conversation ADD COLUMN level TEXT NOT NULL DEFAULT 'null';
    ALTER TABLE conversation ADD COLUMN level_version INTEGER NOT NULL DEFAULT 0;
    -- 1 while the server has not been told of the level.
    ALTER TABLE conversation ADD COLUMN level_unsent INTEGER NOT NULL DEFAULT 0;
",
];

/// What only this device has, and so outlives the end of a session and a damaged file.
pub(super) const ONLY_HERE: &[&str] = &["account", "draft", "outbox"];

/// What the server can give again.
pub(super) const COPIES: &[&str] = &[
    "conversation",
    "entry",
    "stretch",
    "fold",
    "mention",
    "mention_told",
    "person",
    "person_wanted",
    "workspace",
    "picture",
];
