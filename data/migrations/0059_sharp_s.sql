-- ẞ folds to ss like ß (Unicode, CaseFolding.txt: 1E9E; F; 0073 0073): there is no way up from it by which the letters would be found.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu') THEN
        CREATE OR REPLACE FUNCTION fold_case(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
            'SELECT lower(upper(replace(value, ''ẞ'', ''ß'') COLLATE "und-x-icu") COLLATE "und-x-icu") COLLATE "C"';
    ELSE
        CREATE OR REPLACE FUNCTION fold_case(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
            'SELECT lower(upper(replace(value, ''ẞ'', ''ß''))) COLLATE "C"';
    END IF;
END $$;
