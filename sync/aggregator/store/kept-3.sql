-- Who may look: accounts, their sessions, and what they took away.

CREATE TABLE account (
  name TEXT PRIMARY KEY,             -- [a-z0-9._-]{1,32}
  role TEXT NOT NULL CHECK
    (role IN ('administrator', 'organiser', 'staff', 'booth', 'press')),
  fair TEXT NOT NULL,                -- '' every fair (administrator, organiser)
  booth TEXT NOT NULL,               -- '' but for role booth
  secret TEXT NOT NULL,              -- argon2id string; press: hex of the
                                     -- hash of its link's key
  locked INTEGER NOT NULL DEFAULT 0, -- 1: by a person
  fails INTEGER NOT NULL DEFAULT 0,  -- wrong passwords since the last right one
  locked_until_ms INTEGER NOT NULL DEFAULT 0, -- ... and until when they wait
  expires_ms INTEGER NOT NULL,       -- 0 never
  made_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX account_secret ON account (secret);

CREATE TABLE session (               -- somebody signed in
  token_hash BLOB PRIMARY KEY,       -- the cookie is nowhere but at its owner
  account TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  expires_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX session_account ON session (account);

CREATE TABLE access (                -- who came, tried and took files away
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  account TEXT NOT NULL,             -- whose it is
  what TEXT NOT NULL CHECK
    (what IN ('sign-in', 'refused', 'locked', 'sign-out', 'password',
              'export', 'share')),
  detail TEXT NOT NULL               -- by whom, from where, of what
) STRICT;
CREATE INDEX access_account ON access (account, what, at_ms);
