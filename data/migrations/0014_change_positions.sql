-- Where the change log stood at a moment, once a minute: so that "since a time" has an answer that leaves nothing out. What a
-- snapshot taken at that moment did not see is everything that was committed later, however early its transaction had begun.
CREATE TABLE change_positions (
    at       timestamptz NOT NULL,
    snapshot pg_snapshot NOT NULL,
    CONSTRAINT change_positions_pk PRIMARY KEY (at)
);
