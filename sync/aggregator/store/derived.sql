-- What can be made again from kept.sql at any time (`rebuild`): sums of
-- events by device first. Raw keys only; booth, origin, place, stars and
-- group are joined when read. No migrations: a new shape bumps the version,
-- these tables are dropped and folded anew.

CREATE TABLE fold_mark (             -- events up to here are in the roll-ups
  device TEXT PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE fold_beyond (           -- devices with events beyond the mark
  fair TEXT NOT NULL,
  device TEXT NOT NULL,
  PRIMARY KEY (fair, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE fold_turn (             -- another number whenever the sums of
  fair TEXT PRIMARY KEY,             -- a fair's folded events may have become
  turn INTEGER NOT NULL              -- others; those beyond the marks aside
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_day (              -- roll_sale and roll_visit by day
  device TEXT NOT NULL,
  day INTEGER NOT NULL,
  gate TEXT NOT NULL,                -- of visits; '' none named, and of sales
  sales INTEGER NOT NULL,
  revenue_vnd INTEGER NOT NULL,
  refunds_vnd INTEGER NOT NULL,
  voids_vnd INTEGER NOT NULL,
  visits INTEGER NOT NULL,
  PRIMARY KEY (device, day, gate)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_sale (
  device TEXT NOT NULL,
  day INTEGER NOT NULL,
  slot INTEGER NOT NULL,             -- ten minutes
  sales INTEGER NOT NULL,            -- not voided
  revenue_vnd INTEGER NOT NULL,      -- sales not voided
  refunds INTEGER NOT NULL,
  refunds_vnd INTEGER NOT NULL,
  voids INTEGER NOT NULL,
  voids_vnd INTEGER NOT NULL,
  PRIMARY KEY (device, day, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_line (             -- sold minus voided minus given back
  device TEXT NOT NULL,
  day INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  sku TEXT NOT NULL,
  seller TEXT NOT NULL,
  milli INTEGER NOT NULL,
  amount_vnd INTEGER NOT NULL,
  sales INTEGER NOT NULL,            -- sales with such a line, not voided
  PRIMARY KEY (device, day, hour, sku, seller)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_item (             -- name and unit as first sold
  device TEXT NOT NULL,
  sku TEXT NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  PRIMARY KEY (device, sku)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_tender (           -- taken minus given back
  device TEXT NOT NULL,
  day INTEGER NOT NULL,
  method TEXT NOT NULL,
  amount_vnd INTEGER NOT NULL,
  PRIMARY KEY (device, day, method)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_visit (
  device TEXT NOT NULL,
  day INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  gate TEXT NOT NULL,                -- '' none named
  visits INTEGER NOT NULL,
  estimated INTEGER NOT NULL,        -- of these, estimated
  PRIMARY KEY (device, day, slot, gate)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_sold (             -- by the lists that it was sold from
  device TEXT NOT NULL,
  day INTEGER NOT NULL,
  sku TEXT NOT NULL,
  list INTEGER NOT NULL,             -- version; 0 none
  milli INTEGER NOT NULL,
  amount_vnd INTEGER NOT NULL,
  lines INTEGER NOT NULL,            -- of sales, not voided
  stamped INTEGER NOT NULL,          -- of these, with a stamp
  PRIMARY KEY (device, day, sku, list)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_act (              -- what operators did
  device TEXT NOT NULL,
  day INTEGER NOT NULL,
  what TEXT NOT NULL,
  operator_number INTEGER NOT NULL,
  events INTEGER NOT NULL,
  amount_vnd INTEGER NOT NULL,
  PRIMARY KEY (device, day, what, operator_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_hold (             -- stored but left out
  device TEXT PRIMARY KEY,
  events INTEGER NOT NULL,
  amount_vnd INTEGER NOT NULL        -- net of sales, refunds and voids
) STRICT, WITHOUT ROWID;

CREATE TABLE roll_note (             -- remarks that change no total
  device TEXT NOT NULL,
  what TEXT NOT NULL,                -- late, unknown_kind, damaged,
                                     -- beyond_counting
  events INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (device, what)
) STRICT, WITHOUT ROWID;
