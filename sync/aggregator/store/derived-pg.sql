-- What can be made again from kept-pg.sql at any time: the tables and columns
-- of derived.sql, which says what each is.

CREATE TABLE fold_mark (
  device TEXT COLLATE "C" PRIMARY KEY,
  seq BIGINT NOT NULL
);

CREATE TABLE fold_beyond (
  fair TEXT COLLATE "C" NOT NULL,
  device TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (fair, device)
);

CREATE TABLE fold_turn (
  fair TEXT COLLATE "C" PRIMARY KEY,
  turn BIGINT NOT NULL
);

CREATE TABLE roll_day (
  device TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  gate TEXT COLLATE "C" NOT NULL,
  sales BIGINT NOT NULL,
  revenue_vnd BIGINT NOT NULL,
  refunds_vnd BIGINT NOT NULL,
  voids_vnd BIGINT NOT NULL,
  visits BIGINT NOT NULL,
  PRIMARY KEY (device, day, gate)
);

CREATE TABLE roll_sale (
  device TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  slot BIGINT NOT NULL,
  sales BIGINT NOT NULL,
  revenue_vnd BIGINT NOT NULL,
  refunds BIGINT NOT NULL,
  refunds_vnd BIGINT NOT NULL,
  voids BIGINT NOT NULL,
  voids_vnd BIGINT NOT NULL,
  PRIMARY KEY (device, day, slot)
);

CREATE TABLE roll_line (
  device TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  hour BIGINT NOT NULL,
  sku TEXT COLLATE "C" NOT NULL,
  seller TEXT COLLATE "C" NOT NULL,
  milli BIGINT NOT NULL,
  amount_vnd BIGINT NOT NULL,
  sales BIGINT NOT NULL,
  PRIMARY KEY (device, day, hour, sku, seller)
);

CREATE TABLE roll_item (
  device TEXT COLLATE "C" NOT NULL,
  sku TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  unit TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (device, sku)
);

CREATE TABLE roll_tender (
  device TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  method TEXT COLLATE "C" NOT NULL,
  amount_vnd BIGINT NOT NULL,
  PRIMARY KEY (device, day, method)
);

CREATE TABLE roll_visit (
  device TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  slot BIGINT NOT NULL,
  gate TEXT COLLATE "C" NOT NULL,
  visits BIGINT NOT NULL,
  estimated BIGINT NOT NULL,
  PRIMARY KEY (device, day, slot, gate)
);

CREATE TABLE roll_sold (
  device TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  sku TEXT COLLATE "C" NOT NULL,
  list BIGINT NOT NULL,
  milli BIGINT NOT NULL,
  amount_vnd BIGINT NOT NULL,
  lines BIGINT NOT NULL,
  stamped BIGINT NOT NULL,
  PRIMARY KEY (device, day, sku, list)
);

CREATE TABLE roll_act (
  device TEXT COLLATE "C" NOT NULL,
  day BIGINT NOT NULL,
  what TEXT COLLATE "C" NOT NULL,
  operator_number BIGINT NOT NULL,
  events BIGINT NOT NULL,
  amount_vnd BIGINT NOT NULL,
  PRIMARY KEY (device, day, what, operator_number)
);

CREATE TABLE roll_hold (
  device TEXT COLLATE "C" PRIMARY KEY,
  events BIGINT NOT NULL,
  amount_vnd BIGINT NOT NULL
);

CREATE TABLE roll_note (
  device TEXT COLLATE "C" NOT NULL,
  what TEXT COLLATE "C" NOT NULL,
  events BIGINT NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (device, what)
);
