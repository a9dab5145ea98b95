-- A repeated Idempotency-Key gives the first answer only to the same request; the hash of that request tells.
ALTER TABLE incidents ADD COLUMN request_hash bytea;
ALTER TABLE incidents ADD CONSTRAINT incidents_key_has_hash CHECK ((idempotency_key IS NULL) = (request_hash IS NULL));
