-- What a list of conversations says must be of the same moment as the head it names, and folds are saved a little later.
CREATE INDEX log_facts ON log (conversation, seq) WHERE kind IN ('joined', 'left', 'renamed', 'topic', 'archived')
