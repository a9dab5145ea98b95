-- API keys. Only a hash is kept; the key itself is shown once.

CREATE TABLE api_keys (
    id           bigint GENERATED ALWAYS AS IDENTITY,
    name         text NOT NULL,
    prefix       text NOT NULL,              -- the first characters, so that people can tell keys apart
    key_hash     bytea NOT NULL,             -- SHA-256 of a 256-bit random key: nothing to guess, so no slow hash is needed
    role         text NOT NULL,
    area_id      bigint,                     -- may write only inside this area
    created_at   timestamptz NOT NULL DEFAULT now(),
    created_by   text NOT NULL,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    CONSTRAINT api_keys_pk PRIMARY KEY (id),
    CONSTRAINT api_keys_hash_unique UNIQUE (key_hash),
    CONSTRAINT api_keys_area_fk FOREIGN KEY (area_id) REFERENCES areas (id),
    CONSTRAINT api_keys_role_known CHECK (role IN ('reader', 'reporter', 'operator', 'planner', 'administrator')),
    CONSTRAINT api_keys_name_given CHECK (length(name) BETWEEN 1 AND 100)
);
CREATE UNIQUE INDEX api_keys_name_in_use ON api_keys (name) WHERE revoked_at IS NULL;
