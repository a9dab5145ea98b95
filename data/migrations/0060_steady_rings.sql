-- What lies on the lattice already stays as it is, vertex for vertex: ST_ReducePrecision begins every ring at another vertex, so that a feature written back as it
-- was read was another one each time.
CREATE OR REPLACE FUNCTION tidy_polygon(geom geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE
        WHEN ST_IsPolygonCCW(flat.geom) AND ST_NPoints(flat.geom) = ST_NPoints(ST_RemoveRepeatedPoints(flat.geom))
             AND ST_AsBinary(flat.geom) = ST_AsBinary(ST_GeomFromText(ST_AsText(flat.geom, 7))) THEN flat.geom
        ELSE ST_Multi(ST_ForcePolygonCCW(ST_GeomFromText(ST_AsText(ST_ReducePrecision(flat.geom, 1e-7), 7), ST_SRID(flat.geom))))
    END
    FROM (SELECT ST_Multi(ST_Force2D($1)) AS geom) AS flat
$$;
