-- The first shape of the kiosk's database. Never edited once released: a change is a new file.
-- No table tells when a report was made.

-- Sealed envelopes. state: 0 queued, 1 refused, 2 quarantined. The bytes of a quarantined one may have any length.
CREATE TABLE envelope (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    state INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
    bytes BLOB NOT NULL
) WITHOUT ROWID;

-- Envelopes that the intake owns: the signed core of its acknowledgement, and the day (since 1970) that it came.
CREATE TABLE tombstone (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    day INTEGER NOT NULL,
    acknowledgement BLOB NOT NULL CHECK (length(acknowledgement) <= 256)
) WITHOUT ROWID;

-- Sealed status notes, numbered by the intake.
CREATE TABLE note (
    sequence INTEGER NOT NULL PRIMARY KEY,
    bytes BLOB NOT NULL CHECK (length(bytes) = 2048)
);

-- Settings. The higher revision of a key wins over its second copy; proof is SHA-256 over key, revision and value.
CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY CHECK (length(key) <= 40),
    revision INTEGER NOT NULL,
    value BLOB NOT NULL,
    proof BLOB NOT NULL CHECK (length(proof) = 32)
) WITHOUT ROWID;
