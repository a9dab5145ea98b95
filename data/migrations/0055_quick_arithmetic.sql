-- Arithmetic in filters without the block that catches errors, wherever the numbers alone tell that there will be none: the block is what nearly all of
-- the time went into. Whatever is left is calculated as before; the answers are the same.

ALTER FUNCTION calculate(text, double precision, double precision) RENAME TO calculate_with_care;

CREATE FUNCTION calculate(operator text, a double precision, b double precision) RETURNS double precision
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL RESTRICTED AS $$
BEGIN
    -- No sum of these is too large.
    IF operator IN ('+', '-') THEN
        IF abs(a) < 1e307 AND abs(b) < 1e307 THEN
            RETURN CASE operator WHEN '+' THEN a + b ELSE a - b END;
        END IF;
    ELSIF b = 0 AND operator <> '*' AND operator <> '^' THEN
        IF abs(a) < 1e307 THEN
            RETURN NULL;
        END IF;
    -- No product or quotient of these is too large or too small.
    ELSIF operator IN ('*', '/', 'div') THEN
        IF (a = 0 OR abs(a) BETWEEN 1e-150 AND 1e150) AND (b = 0 OR abs(b) BETWEEN 1e-150 AND 1e150) THEN
            RETURN CASE operator WHEN '*' THEN a * b WHEN '/' THEN a / b ELSE trunc(a / b) END;
        END IF;
    ELSIF operator = '^' THEN
        IF a BETWEEN 1e-6 AND 1e6 AND abs(b) <= 25 THEN
            RETURN a ^ b;
        END IF;
    -- Whole numbers of at most 15 digits are the same as numbers of any kind.
    ELSIF operator = '%' AND abs(a) < 1e15 AND abs(b) < 1e15 AND a = trunc(a) AND b = trunc(b) THEN
        RETURN mod(a::bigint, b::bigint);
    END IF;
    RETURN calculate_with_care(operator, a, b);
END $$;
