-- ledger.db of a till: what happened, in order, for good (PROTOCOL.md 5).

CREATE TABLE event (
    seq INTEGER PRIMARY KEY,          -- 1, 2, 3, ... without gaps
    bytes BLOB NOT NULL               -- the line as hashed and shipped
        CHECK (length(bytes) BETWEEN 2 AND 16384),
    hash BLOB NOT NULL                -- SHA-256 over its past and its bytes
        CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER event_follows BEFORE INSERT ON event
WHEN new.seq IS NOT (SELECT ifnull(max(seq), 0) + 1 FROM event)
BEGIN
    SELECT raise(ABORT, 'events are numbered without gaps');
END;

CREATE TRIGGER event_stays BEFORE DELETE ON event
BEGIN
    SELECT raise(ABORT, 'events are never deleted');
END;

CREATE TRIGGER event_is_final BEFORE UPDATE ON event
BEGIN
    SELECT raise(ABORT, 'events are never changed');
END;

-- Open and parked carts and small state of the screen: the only rows here
-- that come and go. Without row numbers a draft is one page of the log.
CREATE TABLE draft (
    id TEXT PRIMARY KEY,
    bytes BLOB NOT NULL               -- in the till's own format
) STRICT, WITHOUT ROWID;
