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

-- What is there already moves by a last bit, table by table, as one reload each.
SET LOCAL gridmap.bulk = 'on';
UPDATE areas SET geom = geom WHERE ST_AsBinary(geom) <> ST_AsBinary(tidy_polygon(geom));
UPDATE grids SET geom = geom WHERE ST_AsBinary(geom) <> ST_AsBinary(tidy_polygon(geom));
UPDATE compounds SET geom = geom WHERE ST_AsBinary(geom) <> ST_AsBinary(tidy_polygon(geom));
UPDATE buildings SET geom = geom WHERE ST_AsBinary(geom) <> ST_AsBinary(tidy_polygon(geom));
UPDATE population_cells SET geom = geom WHERE ST_AsBinary(geom) <> ST_AsBinary(tidy_polygon(geom));
UPDATE facilities SET geom = geom WHERE ST_AsBinary(geom) <> ST_AsBinary(tidy_other(geom));
UPDATE incidents SET geom = geom WHERE ST_AsBinary(geom) <> ST_AsBinary(tidy_other(geom));
UPDATE roads SET geom = geom WHERE ST_AsBinary(geom) <> ST_AsBinary(tidy_other(geom));
UPDATE landscapes SET geom = geom WHERE ST_AsBinary(geom) <> ST_AsBinary(tidy_polygon(geom));
SET LOCAL gridmap.bulk = 'off';
