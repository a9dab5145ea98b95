-- What filters need beyond SQL: folding of case and accents in any script, and arithmetic that answers NULL where there is no answer
-- (a filter decides about one feature; it must not end the whole question because one feature has a zero somewhere).

-- The full folding of Unicode where the server has ICU (Straße = STRASSE), else what its own locale does. By bytes afterwards, so that every server agrees.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_collation WHERE collname = 'und-x-icu') THEN
        CREATE FUNCTION fold_case(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
            'SELECT lower(upper(value COLLATE "und-x-icu") COLLATE "und-x-icu") COLLATE "C"';
    ELSE
        CREATE FUNCTION fold_case(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
            'SELECT lower(upper(value)) COLLATE "C"';
    END IF;
END $$;

-- Marks that combine with a letter go; the few letters with a stroke that Unicode does not take apart are named.
CREATE FUNCTION fold_accents(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT translate(normalize(regexp_replace(normalize(value, NFD),
        '[\u0300-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F]', '', 'g'), NFC), 'øØđĐłŁħĦŧŦı', 'oOdDlLhHtTi') COLLATE "C"
$$;

CREATE FUNCTION calculate(operator text, a double precision, b double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL RESTRICTED AS $$
BEGIN
    RETURN CASE operator
        WHEN '+' THEN a + b
        WHEN '-' THEN a - b
        WHEN '*' THEN a * b
        WHEN '/' THEN a / b
        WHEN '^' THEN a ^ b
        WHEN '%' THEN mod(a::numeric, b::numeric)::double precision
        WHEN 'div' THEN trunc(a / b)
    END;
EXCEPTION
    WHEN numeric_value_out_of_range OR division_by_zero OR invalid_argument_for_power_function THEN
        RETURN NULL;
END $$;

-- An area with everything above it, from the city down: A_CONTAINS(area_chain(areaId), (3)) is "in area 3".
CREATE FUNCTION area_chain(lowest bigint) RETURNS bigint[] LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    WITH RECURSIVE above AS (
        SELECT id, parent_id, 1 AS step FROM areas WHERE id = lowest
        UNION ALL
        SELECT areas.id, areas.parent_id, above.step + 1 FROM areas JOIN above ON areas.id = above.parent_id WHERE above.step < 20
    )
    SELECT array_agg(id ORDER BY step DESC) FROM above
$$;
