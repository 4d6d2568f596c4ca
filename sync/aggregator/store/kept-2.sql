-- What the organiser lets the tills of a fair refuse.

ALTER TABLE fair ADD COLUMN            -- 1 expired, 2 not on the list; 3 both
  refuse INTEGER NOT NULL DEFAULT 0 CHECK (refuse BETWEEN 0 AND 3);
