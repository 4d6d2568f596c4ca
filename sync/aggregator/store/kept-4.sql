-- Rows that are counted by device, so that several programs may add and
-- sharding by device changes nothing; and segments of fairs that are over.

ALTER TABLE branch RENAME TO branch_old;
DROP INDEX branch_device;
CREATE TABLE branch (                -- set aside: a fork's other events
  device TEXT NOT NULL,
  id INTEGER NOT NULL,               -- a device's own count; older ones have
                                     -- the number that they had
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  previous BLOB NOT NULL,            -- hash before `first`
  bytes TEXT NOT NULL,
  head BLOB NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (device, id)
) STRICT;
CREATE INDEX branch_device ON branch (device, first, id);
INSERT INTO branch (device, id, first, last, previous, bytes, head, at_ms)
  SELECT device, id, first, last, previous, bytes, head, at_ms FROM branch_old;
DROP TABLE branch_old;

ALTER TABLE decision RENAME TO decision_old;
DROP INDEX decision_device;
CREATE TABLE decision (              -- people's decisions, in order; rebuild
  device TEXT NOT NULL,              -- is a function of events and these
  id INTEGER NOT NULL,               -- as a branch's
  at_ms INTEGER NOT NULL,
  what TEXT NOT NULL CHECK
    (what IN ('revoke', 'hold', 'release', 'count-branch', 'drop-branch',
              'day')),
  first INTEGER NOT NULL,            -- events first…last (branch id for a
  last INTEGER NOT NULL,             -- branch); 9223372036854775807: on
  day INTEGER NOT NULL,              -- 'day': the day they count for
  reason TEXT NOT NULL,
  PRIMARY KEY (device, id)
) STRICT, WITHOUT ROWID;
INSERT INTO decision (device, id, at_ms, what, first, last, day, reason)
  SELECT device, id, at_ms, what, first, last, day, reason FROM decision_old;
DROP TABLE decision_old;

CREATE TABLE packed (                -- segments of a fair that is over, as
  device TEXT NOT NULL,              -- few: `compact` moves them here
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  size INTEGER NOT NULL,             -- bytes of the event lines
  bytes BLOB NOT NULL,               -- the lines, each with its newline, as
                                     -- one zstd frame
  head BLOB NOT NULL,                -- hash after `last`
  checks BLOB NOT NULL,              -- four bytes an event, as a segment's
  PRIMARY KEY (device, first)
) STRICT;
