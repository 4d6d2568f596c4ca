-- sync.db: what fair-sync keeps for the till and for itself.

-- One row: where we stand with the aggregator.
CREATE TABLE contact (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    server TEXT NOT NULL,             -- https://host:port
    pin TEXT NOT NULL,                -- sha256//BASE64 of the server's key
    state TEXT NOT NULL,              -- new, active, fork, revoked, pin, ...
    acked INTEGER NOT NULL,           -- events acknowledged
    acked_head BLOB NOT NULL          -- hash after them
        CHECK (length(acked_head) = 32),
    ack BLOB NOT NULL,                -- the signed acknowledgement, both lines
    last_contact_ms INTEGER NOT NULL, -- our clock; 0 never
    offset_ms INTEGER,                -- aggregator's clock - ours; NULL unknown
    list INTEGER NOT NULL,            -- current version; 0 none
    list_wanted INTEGER NOT NULL      -- newest version the aggregator named
) STRICT;

INSERT INTO contact
VALUES (1, '', '', 'new', 0, zeroblob(32), x'', 0, NULL, 0, 0);

-- Pages of lists, of all versions; equal pages are held once.
CREATE TABLE page (
    hash BLOB PRIMARY KEY CHECK (length(hash) = 32), -- SHA-256 of the bytes
    bytes BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Versions of the lists that were complete once.
CREATE TABLE list (
    version INTEGER PRIMARY KEY,
    manifest BLOB NOT NULL            -- signed, both lines; names its pages
) STRICT;

-- What the till has to show or to write into its ledger.
CREATE TABLE notice (
    id INTEGER PRIMARY KEY,
    what TEXT NOT NULL,               -- restored, fork, revoked, ...
    text TEXT NOT NULL
) STRICT;
