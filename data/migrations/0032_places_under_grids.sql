-- Gives buildings and facilities in the boxes of changed boundaries their base grid of today: the same grid as base_grid_at would, but found grid by grid, so
-- that each boundary is prepared once, and written once.
CREATE FUNCTION place_under_grids(touched geometry) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    many CONSTANT integer := 10000;   -- from here on, mirrors are told to read the table anew, as after any bulk change
    was  CONSTANT text := coalesce(current_setting('gridmap.bulk', true), '');
    moved bigint;
BEGIN
    IF touched IS NULL OR ST_IsEmpty(touched) THEN RETURN; END IF;
    CREATE TEMP TABLE touched_parts ON COMMIT DROP AS SELECT geom FROM ST_Dump(touched);
    CREATE TEMP TABLE grids_there ON COMMIT DROP AS
        SELECT DISTINCT ON (grids.id) grids.id, grids.code, grids.area_id, grids.geom
        FROM touched_parts JOIN grids ON grids.geom && touched_parts.geom JOIN nets ON nets.id = grids.net_id AND nets.code = 'base'
        WHERE grids.kind <> 'special' AND now() >= grids.valid_from AND now() < grids.valid_to
        ORDER BY grids.id;

    CREATE TEMP TABLE placed ON COMMIT DROP AS
    WITH things AS MATERIALIZED (
        SELECT DISTINCT buildings.id FROM touched_parts JOIN buildings ON buildings.centre && touched_parts.geom
    ), inside AS MATERIALIZED (
        SELECT DISTINCT ON (found.id) found.id, grids_there.id AS grid_id, grids_there.area_id
        FROM grids_there CROSS JOIN LATERAL (
            SELECT buildings.id FROM buildings WHERE buildings.centre && grids_there.geom AND ST_Intersects(grids_there.geom, buildings.centre) OFFSET 0
        ) AS found
        ORDER BY found.id, grids_there.code, grids_there.id
    )
    SELECT buildings.id, inside.grid_id, coalesce(inside.area_id, buildings.area_id) AS area_id
    FROM things JOIN buildings ON buildings.id = things.id LEFT JOIN inside ON inside.id = things.id
    WHERE buildings.grid_id IS DISTINCT FROM inside.grid_id;
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved >= many THEN PERFORM set_config('gridmap.bulk', 'on', true); END IF;
    UPDATE buildings SET grid_id = placed.grid_id, area_id = placed.area_id FROM placed WHERE placed.id = buildings.id;
    PERFORM set_config('gridmap.bulk', was, true);
    DROP TABLE placed;

    CREATE TEMP TABLE placed ON COMMIT DROP AS
    WITH things AS MATERIALIZED (
        SELECT DISTINCT facilities.id FROM touched_parts JOIN facilities ON facilities.geom && touched_parts.geom
    ), inside AS MATERIALIZED (
        SELECT DISTINCT ON (found.id) found.id, grids_there.id AS grid_id, grids_there.area_id
        FROM grids_there CROSS JOIN LATERAL (
            SELECT facilities.id FROM facilities WHERE facilities.geom && grids_there.geom AND ST_Intersects(grids_there.geom, facilities.geom) OFFSET 0
        ) AS found
        ORDER BY found.id, grids_there.code, grids_there.id
    )
    SELECT facilities.id, inside.grid_id, coalesce(inside.area_id, facilities.area_id) AS area_id
    FROM things JOIN facilities ON facilities.id = things.id LEFT JOIN inside ON inside.id = things.id
    WHERE facilities.grid_id IS DISTINCT FROM inside.grid_id;
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved >= many THEN PERFORM set_config('gridmap.bulk', 'on', true); END IF;
    UPDATE facilities SET grid_id = placed.grid_id, area_id = placed.area_id FROM placed WHERE placed.id = facilities.id;
    PERFORM set_config('gridmap.bulk', was, true);
    DROP TABLE placed;
    DROP TABLE touched_parts, grids_there;
END $$;

-- Who ends boundaries and makes their successors in one transaction says SET LOCAL gridmap.grids_later = 'on' and calls place_under_grids at its end:
-- the land is then looked at once, not once for each statement.
CREATE OR REPLACE FUNCTION replace_derived_grids() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched geometry;
BEGIN
    IF current_setting('gridmap.grids_later', true) = 'on' THEN RETURN NULL; END IF;
    IF TG_OP = 'INSERT' THEN
        SELECT ST_Collect(geom) INTO touched FROM new_rows;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT ST_Collect(geom) INTO touched FROM old_rows;
    ELSE
        SELECT ST_Collect(geom) INTO touched FROM (
            SELECT old_rows.geom FROM old_rows JOIN new_rows USING (id) WHERE ROW(old_rows.net_id, old_rows.kind, old_rows.code, old_rows.area_id, old_rows.valid_from, old_rows.valid_to, old_rows.geom::bytea)
                IS DISTINCT FROM ROW(new_rows.net_id, new_rows.kind, new_rows.code, new_rows.area_id, new_rows.valid_from, new_rows.valid_to, new_rows.geom::bytea)
            UNION ALL
            SELECT new_rows.geom FROM old_rows JOIN new_rows USING (id) WHERE old_rows.geom::bytea <> new_rows.geom::bytea) AS both_sides;
    END IF;
    PERFORM place_under_grids(touched);
    RETURN NULL;
END $$;

DROP FUNCTION settle_buildings(geometry);
