-- ST_ReducePrecision gives k * 1e-7, not k / 1e7: 31.8 became 31.799999999999997, and 40 % of all coordinates differed in the last bit from
-- the same number read from GeoJSON or typed by a person. A place on the northern border of a city was outside it.
-- Writing the reduced geometry with seven places and reading it again gives the double nearest to the decimal, as every program reads it.
CREATE OR REPLACE FUNCTION tidy_polygon(geom geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ST_Multi(ST_ForcePolygonCCW(ST_GeomFromText(ST_AsText(ST_ReducePrecision(ST_Force2D(geom), 1e-7), 7), ST_SRID(geom))))
$$;

CREATE OR REPLACE FUNCTION tidy_other(geom geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ST_GeomFromText(ST_AsText(ST_ReducePrecision(ST_Force2D(geom), 1e-7), 7), ST_SRID(geom))
$$;

-- What is there already moves by a last bit. That changes nothing that was derived from it, so the triggers rest meanwhile
-- (two hundred thousand incidents would each be placed anew) and one reload a table tells who follows.
DO $$
DECLARE
    moved record;
    touched bigint;
BEGIN
    FOR moved IN SELECT * FROM (VALUES
        ('areas', 'tidy_polygon'), ('grids', 'tidy_polygon'), ('compounds', 'tidy_polygon'), ('buildings', 'tidy_polygon'), ('population_cells', 'tidy_polygon'),
        ('landscapes', 'tidy_polygon'), ('facilities', 'tidy_other'), ('incidents', 'tidy_other'), ('roads', 'tidy_other')) AS tables (name, tidy)
    LOOP
        EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', moved.name);
        EXECUTE format('UPDATE %1$I SET geom = tidied.geom FROM (SELECT id, %2$I(geom) AS geom FROM %1$I) AS tidied
                        WHERE tidied.id = %1$I.id AND ST_AsBinary(tidied.geom) <> ST_AsBinary(%1$I.geom)', moved.name, moved.tidy);
        GET DIAGNOSTICS touched = ROW_COUNT;
        EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', moved.name);
        IF touched > 0 THEN
            INSERT INTO changes (table_name, op) VALUES (moved.name, 'reload');
        END IF;
    END LOOP;
END $$;
