-- What the aggregator keeps: it can be rebuilt from nothing else. Statements
-- stay in the subset that SQLite and PostgreSQL share; tables that grow are
-- laid out by device, so that sharding by device changes nothing.

CREATE TABLE meta (                  -- single facts
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE fair (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  first_day INTEGER NOT NULL,        -- YYYYMMDD
  days INTEGER NOT NULL CHECK (days BETWEEN 1 AND 366), -- calendar dates
  opens_min INTEGER NOT NULL,        -- minutes after local midnight
  closes_min INTEGER NOT NULL,
  cut_off_min INTEGER NOT NULL,      -- a fair-day begins here
  compare_with TEXT                  -- code of the fair compared by default
) STRICT;

CREATE TABLE fair_closed (           -- dates inside the span without fair
  fair TEXT NOT NULL REFERENCES fair,
  day INTEGER NOT NULL,
  PRIMARY KEY (fair, day)
) STRICT;

CREATE TABLE gate (
  fair TEXT NOT NULL REFERENCES fair,
  position INTEGER NOT NULL,         -- as given
  code TEXT NOT NULL,
  PRIMARY KEY (fair, code)
) STRICT;

CREATE TABLE booth (                 -- an area (khu gian hàng) of 1..n stands
  fair TEXT NOT NULL REFERENCES fair,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  origin TEXT NOT NULL CHECK
    (origin IN ('in-province', 'other-province', 'foreign', 'service')),
  stands INTEGER NOT NULL CHECK (stands >= 1),
  place TEXT NOT NULL,               -- '' unknown
  PRIMARY KEY (fair, code)
) STRICT;

CREATE TABLE catalogue (             -- every import is a whole new version
  version INTEGER PRIMARY KEY,       -- 1, 2, 3 …
  valid_from_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE product (
  catalogue INTEGER NOT NULL REFERENCES catalogue,
  position INTEGER NOT NULL,         -- line order of the file, from 1
  sku TEXT NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  price_vnd INTEGER NOT NULL,
  producer TEXT NOT NULL,            -- '' unknown, like all texts below
  producer_kind TEXT NOT NULL,
  place TEXT NOT NULL,
  product_group TEXT NOT NULL,
  stars INTEGER NOT NULL,            -- 0 none, else 3…5
  certificate TEXT NOT NULL,
  certified_on INTEGER NOT NULL,     -- YYYYMMDD or 0
  expires_on INTEGER NOT NULL,       -- last valid day or 0
  barcode TEXT NOT NULL,
  PRIMARY KEY (catalogue, sku)
) STRICT;

CREATE TABLE booth_list (            -- every import is a whole new version
  fair TEXT NOT NULL REFERENCES fair,
  version INTEGER NOT NULL,          -- 1, 2, 3 … in the fair
  valid_from_ms INTEGER NOT NULL,
  PRIMARY KEY (fair, version)
) STRICT;

CREATE TABLE booth_item (            -- what a booth may sell, its short codes
  fair TEXT NOT NULL,
  version INTEGER NOT NULL,
  position INTEGER NOT NULL,
  booth TEXT NOT NULL,
  code TEXT NOT NULL,
  sku TEXT NOT NULL,
  price_vnd INTEGER,                 -- NULL: the catalogue's
  hotkey INTEGER NOT NULL,           -- 0 none, else 1…12
  PRIMARY KEY (fair, version, booth, code)
) STRICT;

CREATE TABLE list_version (          -- what devices name in their events
  fair TEXT NOT NULL REFERENCES fair,
  version INTEGER NOT NULL,          -- minutes since 2020-01-01 UTC, but at
                                     -- least one more than before: grows also
                                     -- when this database was lost
  catalogue INTEGER NOT NULL,        -- 0 none yet
  booth_list INTEGER NOT NULL,       -- 0 none: everything is allowed
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (fair, version)
) STRICT;

CREATE TABLE figures (               -- published totals, as printed
  fair TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  days INTEGER NOT NULL CHECK (days >= 1),
  first_day INTEGER,
  visits INTEGER,
  revenue_in_province_vnd INTEGER,
  revenue_all_vnd INTEGER,
  note TEXT NOT NULL
) STRICT;

CREATE TABLE enrol_code (            -- open one-time codes, bound to a booth
  code_hash BLOB PRIMARY KEY,        -- keyed BLAKE2b-256
  fair TEXT NOT NULL,
  booth TEXT NOT NULL,
  device_name TEXT NOT NULL,
  expires_ms INTEGER NOT NULL,
  tries INTEGER NOT NULL,            -- wrong ones at this booth; 500 lock it
  used_by TEXT                       -- device id
) STRICT;
CREATE INDEX enrol_code_booth ON enrol_code (fair, booth);

CREATE TABLE device (
  device TEXT PRIMARY KEY,
  fair TEXT NOT NULL,
  booth TEXT NOT NULL,
  number INTEGER NOT NULL,           -- in the fair, 1…1023
  label TEXT NOT NULL,               -- on slips
  name TEXT NOT NULL,
  public_key BLOB NOT NULL,
  admission TEXT NOT NULL,           -- the signed object's bytes
  signature TEXT NOT NULL,           -- hex
  phone_key BLOB,                    -- NULL when admitted from its ledger
  state TEXT NOT NULL CHECK (state IN ('active', 'fork', 'revoked')),
  count INTEGER NOT NULL,            -- events durably held
  head BLOB NOT NULL,                -- hash after `count`
  seen_ms INTEGER NOT NULL,          -- last contact, our clock; 0 never
  unsent INTEGER NOT NULL,           -- as it said then
  offset_ms INTEGER NOT NULL,        -- our clock - its clock then
  disk_mb INTEGER NOT NULL,
  list INTEGER NOT NULL,             -- version of the lists it holds
  program TEXT NOT NULL,
  resent INTEGER NOT NULL            -- batches that held nothing new
) STRICT;
CREATE INDEX device_fair ON device (fair, booth);

CREATE TABLE segment (               -- acknowledged events, verbatim
  id INTEGER PRIMARY KEY,
  device TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  bytes TEXT NOT NULL,               -- the event lines, each with its newline
  head BLOB NOT NULL,                -- hash after `last`
  checks BLOB NOT NULL DEFAULT x''   -- four bytes an event: `head` tells that
                                     -- one was damaged, these tell which
) STRICT;
CREATE INDEX segment_device ON segment (device, first);

CREATE TABLE branch (                -- set aside: a fork's other events
  id INTEGER PRIMARY KEY,
  device TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  previous BLOB NOT NULL,            -- hash before `first`
  bytes TEXT NOT NULL,
  head BLOB NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX branch_device ON branch (device, first);

CREATE TABLE decision (              -- people's decisions, in order; rebuild
  id INTEGER PRIMARY KEY,            -- is a function of events and these
  at_ms INTEGER NOT NULL,
  device TEXT NOT NULL,
  what TEXT NOT NULL CHECK
    (what IN ('revoke', 'hold', 'release', 'count-branch', 'drop-branch',
              'day')),
  first INTEGER NOT NULL,            -- events first…last (branch id for a
  last INTEGER NOT NULL,             -- branch); 9223372036854775807: on
  day INTEGER NOT NULL,              -- 'day': the day they count for
  reason TEXT NOT NULL
) STRICT;
CREATE INDEX decision_device ON decision (device, id);
