-- Version 5: from where nobody reports (docs/notices.md). Kept only where silence_of_reporters is configured; not derived.

-- The last day on which a row about the branch was recorded, as far as `heard_seq` (meta) and `heard_days` back.
CREATE TABLE heard (
    branch INTEGER PRIMARY KEY,
    day    INTEGER NOT NULL
) STRICT;

-- The area from which nobody had reported when the notice was written, if that may explain its alert; else "".
ALTER TABLE notice ADD COLUMN silent TEXT NOT NULL DEFAULT '';
