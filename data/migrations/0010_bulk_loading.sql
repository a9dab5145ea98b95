-- A bulk load that knows its geometries to be tidy (on the lattice, polygons counter-clockwise) and has worked out grid_id and area_id itself
-- says so for its transaction: SET LOCAL gridmap.bulk_derived = 'on'. The two row triggers then stay away; every CHECK and foreign key still applies.
-- What it writes must be what the triggers would have written: the tests compare them.
CREATE OR REPLACE TRIGGER buildings_a_tidy BEFORE INSERT OR UPDATE OF geom ON buildings
    FOR EACH ROW WHEN (current_setting('gridmap.bulk_derived', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION tidy_polygon_on_write();
CREATE OR REPLACE TRIGGER buildings_b_place BEFORE INSERT OR UPDATE OF geom ON buildings
    FOR EACH ROW WHEN (current_setting('gridmap.bulk_derived', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION place_building();
CREATE OR REPLACE TRIGGER incidents_a_tidy BEFORE INSERT OR UPDATE OF geom ON incidents
    FOR EACH ROW WHEN (current_setting('gridmap.bulk_derived', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION tidy_other_on_write();
CREATE OR REPLACE TRIGGER incidents_b_place BEFORE INSERT OR UPDATE OF geom, reported_at ON incidents
    FOR EACH ROW WHEN (current_setting('gridmap.bulk_derived', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION place_incident();
