-- What the aggregator keeps, for PostgreSQL and what speaks its protocol: the
-- tables and columns of kept.sql and its successors, which say what each is. A
-- test holds both against each other.
--
-- Texts compare by their bytes, as SQLite's do. Tables that grow begin their
-- key with the device, have no other unique key and refer to nothing, so that
-- sharding by device changes nothing; numbers come from us, not from a
-- sequence. Event lines are BYTEA, since nobody asks for a part of them: the
-- server need not look at their letters (a tenth of an insert of 500 events,
-- measured). It compresses them by lz4 where it can (see postgres_open.c), which
-- costs less than writing what it saves, to an eighth.

CREATE TABLE meta (
  name TEXT COLLATE "C" PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE fair (
  code TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  first_day BIGINT NOT NULL,
  days BIGINT NOT NULL CHECK (days BETWEEN 1 AND 366),
  opens_min BIGINT NOT NULL,
  closes_min BIGINT NOT NULL,
  cut_off_min BIGINT NOT NULL,
  compare_with TEXT COLLATE "C",
  refuse BIGINT NOT NULL DEFAULT 0 CHECK (refuse BETWEEN 0 AND 3)
);

CREATE TABLE fair_closed (
  fair TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  PRIMARY KEY (fair, day)
);

CREATE TABLE gate (
  fair TEXT COLLATE "C" NOT NULL,
  position BIGINT NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (fair, code)
);

CREATE TABLE booth (
  fair TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  origin TEXT COLLATE "C" NOT NULL CHECK
    (origin IN ('in-province', 'other-province', 'foreign', 'service')),
  stands BIGINT NOT NULL CHECK (stands >= 1),
  place TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (fair, code)
);

CREATE TABLE catalogue (
  version BIGINT PRIMARY KEY,
  valid_from_ms BIGINT NOT NULL
);

CREATE TABLE product (
  catalogue BIGINT NOT NULL,
  position BIGINT NOT NULL,
  sku TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  unit TEXT COLLATE "C" NOT NULL,
  price_vnd BIGINT NOT NULL,
  producer TEXT COLLATE "C" NOT NULL,
  producer_kind TEXT COLLATE "C" NOT NULL,
  place TEXT COLLATE "C" NOT NULL,
  product_group TEXT COLLATE "C" NOT NULL,
  stars BIGINT NOT NULL,
  certificate TEXT COLLATE "C" NOT NULL,
  certified_on BIGINT NOT NULL,
  expires_on BIGINT NOT NULL,
  barcode TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (catalogue, sku)
);

CREATE TABLE booth_list (
  fair TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  valid_from_ms BIGINT NOT NULL,
  PRIMARY KEY (fair, version)
);

CREATE TABLE booth_item (
  fair TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  position BIGINT NOT NULL,
  booth TEXT COLLATE "C" NOT NULL,
  code TEXT COLLATE "C" NOT NULL,
  sku TEXT COLLATE "C" NOT NULL,
  price_vnd BIGINT,
  hotkey BIGINT NOT NULL,
  PRIMARY KEY (fair, version, booth, code)
);

CREATE TABLE list_version (
  fair TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  catalogue BIGINT NOT NULL,
  booth_list BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (fair, version)
);

CREATE TABLE figures (
  fair TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  days BIGINT NOT NULL CHECK (days >= 1),
  first_day BIGINT,
  visits BIGINT,
  revenue_in_province_vnd BIGINT,
  revenue_all_vnd BIGINT,
  note TEXT COLLATE "C" NOT NULL
);

CREATE TABLE enrol_code (
  code_hash BYTEA PRIMARY KEY,
  fair TEXT COLLATE "C" NOT NULL,
  booth TEXT COLLATE "C" NOT NULL,
  device_name TEXT COLLATE "C" NOT NULL,
  expires_ms BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  used_by TEXT COLLATE "C"
);
CREATE INDEX enrol_code_booth ON enrol_code (fair, booth);

CREATE TABLE device (
  device TEXT COLLATE "C" PRIMARY KEY,
  fair TEXT COLLATE "C" NOT NULL,
  booth TEXT COLLATE "C" NOT NULL,
  number BIGINT NOT NULL,
  label TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  public_key BYTEA NOT NULL,
  admission TEXT COLLATE "C" NOT NULL,
  signature TEXT COLLATE "C" NOT NULL,
  phone_key BYTEA,
  state TEXT COLLATE "C" NOT NULL CHECK
    (state IN ('active', 'fork', 'revoked')),
  count BIGINT NOT NULL,
  head BYTEA NOT NULL,
  seen_ms BIGINT NOT NULL,
  unsent BIGINT NOT NULL,
  offset_ms BIGINT NOT NULL,
  disk_mb BIGINT NOT NULL,
  list BIGINT NOT NULL,
  program TEXT COLLATE "C" NOT NULL,
  resent BIGINT NOT NULL
);
CREATE INDEX device_fair ON device (fair, booth);

CREATE TABLE segment (
  device TEXT COLLATE "C" NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  head BYTEA NOT NULL,
  checks BYTEA NOT NULL DEFAULT '',
  PRIMARY KEY (device, first)
);

CREATE TABLE branch (
  device TEXT COLLATE "C" NOT NULL,
  id BIGINT NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  previous BYTEA NOT NULL,
  bytes BYTEA NOT NULL,
  head BYTEA NOT NULL,
  at_ms BIGINT NOT NULL,
  PRIMARY KEY (device, id)
);
CREATE INDEX branch_device ON branch (device, first, id);

CREATE TABLE decision (
  device TEXT COLLATE "C" NOT NULL,
  id BIGINT NOT NULL,
  at_ms BIGINT NOT NULL,
  what TEXT COLLATE "C" NOT NULL CHECK
    (what IN ('revoke', 'hold', 'release', 'count-branch', 'drop-branch',
              'day')),
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  day BIGINT NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (device, id)
);

CREATE TABLE packed (
  device TEXT COLLATE "C" NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  size BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  head BYTEA NOT NULL,
  checks BYTEA NOT NULL,
  PRIMARY KEY (device, first)
);

CREATE TABLE account (
  name TEXT COLLATE "C" PRIMARY KEY,
  role TEXT COLLATE "C" NOT NULL CHECK
    (role IN ('administrator', 'organiser', 'staff', 'booth', 'press')),
  fair TEXT COLLATE "C" NOT NULL,
  booth TEXT COLLATE "C" NOT NULL,
  secret TEXT COLLATE "C" NOT NULL,
  locked BIGINT NOT NULL DEFAULT 0,
  fails BIGINT NOT NULL DEFAULT 0,
  locked_until_ms BIGINT NOT NULL DEFAULT 0,
  expires_ms BIGINT NOT NULL,
  made_ms BIGINT NOT NULL
);
CREATE UNIQUE INDEX account_secret ON account (secret);

CREATE TABLE session (
  token_hash BYTEA PRIMARY KEY,
  account TEXT COLLATE "C" NOT NULL,
  since_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account);

CREATE TABLE access (
  id BIGINT PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  account TEXT COLLATE "C" NOT NULL,
  what TEXT COLLATE "C" NOT NULL CHECK
    (what IN ('sign-in', 'refused', 'locked', 'sign-out', 'password',
              'export', 'share')),
  detail TEXT COLLATE "C" NOT NULL
);
CREATE INDEX access_account ON access (account, what, at_ms);
