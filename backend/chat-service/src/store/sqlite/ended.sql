-- Sessions that user-service has ended, so that every node closes their sockets.
CREATE TABLE ended_sessions (
  session  TEXT PRIMARY KEY,
  noted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX ended_sessions_by_time ON ended_sessions (noted_at)
