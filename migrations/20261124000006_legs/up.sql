-- Two legs across a gate: goods for a sealed building are handed over at its gate, and a second errand brings them to the
-- door. Expands only: the old program does not notice.

-- When the request went on with another errand of it. NULL: this is the one that counts; there is always exactly one.
ALTER TABLE errands ADD COLUMN passed_on_at TIMESTAMPTZ;
