-- What every later migration stands on: extensions, the coordinate rule, the change log.

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS pg_trgm;      -- search by part of a name, also in Chinese
CREATE EXTENSION IF NOT EXISTS btree_gist;   -- "no two versions of one grid at the same time"

-- The city this database is about: one row.
CREATE TABLE city (
    only_row      boolean PRIMARY KEY DEFAULT true,
    name          text NOT NULL,
    name_en       text NOT NULL DEFAULT '',
    division_code text NOT NULL,
    time_zone     text NOT NULL DEFAULT 'Asia/Shanghai',
    metric_srid   integer NOT NULL,
    grid_code     text NOT NULL DEFAULT 'unit-15',
    walk_metres_per_minute double precision NOT NULL DEFAULT 60,
    CONSTRAINT city_one_row CHECK (only_row),
    CONSTRAINT city_walking_speed_sane CHECK (walk_metres_per_minute BETWEEN 10 AND 300)
);

-- Coordinates are kept on the 1e-7 degree lattice, as the double nearest to the decimal (k / 1e7),
-- so that neighbours share vertices bit for bit whichever program wrote them.
-- ST_ReducePrecision gives exactly that and keeps polygons valid; ST_SnapToGrid gives k * 1e-7, which differs in the last bit.
CREATE FUNCTION tidy_polygon(geom geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ST_Multi(ST_ForcePolygonCCW(ST_ReducePrecision(ST_Force2D(geom), 1e-7)))
$$;

CREATE FUNCTION tidy_other(geom geometry) RETURNS geometry
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT ST_ReducePrecision(ST_Force2D(geom), 1e-7)
$$;

-- Triggers, not application code: psql, QGIS and ogr2ogr are writers too.
CREATE FUNCTION tidy_polygon_on_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- An invalid polygon is left as it is: the table's CHECK refuses it with a name.
    IF ST_IsValid(NEW.geom) THEN
        NEW.geom := tidy_polygon(NEW.geom);
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION tidy_other_on_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.geom := tidy_other(NEW.geom);
    RETURN NEW;
END $$;

-- The change log. Every writer feeds it through triggers; the live feed, ETags and mirrors read it.
-- Sequence numbers are not given in commit order, so a reader must not remember "the last seq":
-- it remembers a snapshot (pg_snapshot) and asks for what is visible now and was not then.
CREATE TABLE changes (
    seq        bigint GENERATED ALWAYS AS IDENTITY,
    xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    table_name text NOT NULL,
    op         text NOT NULL,
    row_id     bigint,
    actor      text NOT NULL DEFAULT coalesce(nullif(current_setting('gridmap.actor', true), ''), session_user),
    CONSTRAINT changes_pk PRIMARY KEY (seq),
    CONSTRAINT changes_op_known CHECK (op IN ('insert', 'update', 'delete', 'reload')),
    CONSTRAINT changes_row_unless_reload CHECK ((row_id IS NULL) = (op = 'reload'))
);
CREATE INDEX changes_xid ON changes (xid);
CREATE INDEX changes_table_seq ON changes (table_name, seq);

-- One statement, one pass over its rows. A bulk load (SET LOCAL gridmap.bulk = 'on') logs a single 'reload' in place of a row for each.
CREATE FUNCTION log_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' OR coalesce(current_setting('gridmap.bulk', true), '') = 'on' THEN
        INSERT INTO changes (table_name, op) VALUES (TG_TABLE_NAME, 'reload');
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO changes (table_name, op, row_id) SELECT TG_TABLE_NAME, 'insert', id FROM new_rows;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO changes (table_name, op, row_id) SELECT TG_TABLE_NAME, 'update', id FROM new_rows;
    ELSE
        INSERT INTO changes (table_name, op, row_id) SELECT TG_TABLE_NAME, 'delete', id FROM old_rows;
    END IF;
    PERFORM pg_notify('gridmap_changes', TG_TABLE_NAME);
    RETURN NULL;
END $$;

-- Attaches the four change triggers to a table that has an id column.
CREATE PROCEDURE follow_changes(followed regclass) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER changes_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION log_changes()', followed);
    EXECUTE format('CREATE TRIGGER changes_update AFTER UPDATE ON %s REFERENCING NEW TABLE AS new_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION log_changes()', followed);
    EXECUTE format('CREATE TRIGGER changes_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
                    FOR EACH STATEMENT EXECUTE FUNCTION log_changes()', followed);
    EXECUTE format('CREATE TRIGGER changes_truncate AFTER TRUNCATE ON %s
                    FOR EACH STATEMENT EXECUTE FUNCTION log_changes()', followed);
END $$;
