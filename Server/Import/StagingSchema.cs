using System.Security.Cryptography;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Import;

/// <summary>
/// A schema of its own for each run: staged source rows and the functions that read them without ever raising an error,
/// so that one unreadable value refuses one row. It is dropped when the run ends, whatever happened.
/// </summary>
internal sealed class StagingSchema : IAsyncDisposable
{
    private readonly Database _database;

    private StagingSchema(Database database, string name)
    {
        _database = database;
        Name = name;
    }

    public string Name { get; }

    public Sql Prefix => Sql.Trusted(Name + ".");

    public static async Task<StagingSchema> Create(Database database, CancellationToken cancellation)
    {
        var schema = new StagingSchema(database, "import_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));
        await using var connection = await database.Open(cancellation);
        await using var command = new NpgsqlCommand($"CREATE SCHEMA {schema.Name};" + Functions.Replace("staging.", schema.Name + ".", StringComparison.Ordinal), connection);
        await command.ExecuteNonQueryAsync(cancellation);
        return schema;
    }

    public async ValueTask DisposeAsync()
    {
        // Also after a cancelled run: nothing may stay behind.
        await using var connection = await _database.Open(CancellationToken.None);
        await using var command = new NpgsqlCommand($"SET client_min_messages = warning; DROP SCHEMA IF EXISTS {Name} CASCADE", connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private const string Functions = """
        CREATE FUNCTION staging.clean(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT nullif(btrim(replace(value, chr(1), ''), E' \t\r\n\u00a0\u3000'), '')
        $$;

        CREATE FUNCTION staging.as_number(value text, factor double precision) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT CASE WHEN length(value) <= 40 AND value ~ '^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,2})?$'
                        THEN value::double precision * factor END
        $$;

        CREATE FUNCTION staging.as_integer(value text, factor double precision) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT CASE WHEN number = round(number) AND abs(number) <= 2147483647 THEN number::integer END
            FROM (SELECT staging.as_number(value, factor) AS number) AS read
        $$;

        CREATE FUNCTION staging.as_boolean(value text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT CASE WHEN lower(value) IN ('true', 't', 'yes', 'y', '1', '1.0', '是') THEN true
                        WHEN lower(value) IN ('false', 'f', 'no', 'n', '0', '0.0', '否') THEN false END
        $$;

        -- Local time to UTC. A local time that a clock change skips moves forward by the hour that was skipped; one that happens twice is taken as
        -- standard time. Both are PostgreSQL's rules.
        CREATE FUNCTION staging.as_time(value text, format text, zone text) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
        DECLARE
            moment timestamptz;
        BEGIN
            IF format IS NOT NULL THEN
                moment := (to_timestamp(value, format)::timestamptz AT TIME ZONE current_setting('TimeZone')) AT TIME ZONE zone;
            ELSIF value !~ '^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}([ T][0-9:.]+)? ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?$' THEN
                RETURN NULL;
            ELSIF value ~ '[0-9]:[0-9.]+ ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$' THEN
                moment := value::timestamptz;
            ELSE
                moment := value::timestamp AT TIME ZONE zone;
            END IF;
            RETURN CASE WHEN moment BETWEEN '1800-01-01Z' AND '2300-01-01Z' THEN moment END;
        EXCEPTION WHEN data_exception THEN
            RETURN NULL;
        END $$;

        CREATE FUNCTION staging.as_date(value text, format text) RETURNS date LANGUAGE plpgsql STABLE AS $$
        BEGIN
            IF format IS NOT NULL THEN RETURN to_date(value, format); END IF;
            IF value !~ '^[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}$' THEN RETURN NULL; END IF;
            RETURN value::date;
        EXCEPTION WHEN data_exception THEN
            RETURN NULL;
        END $$;

        CREATE FUNCTION staging.as_geometry(value text, srid integer) RETURNS geometry LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN
            RETURN ST_Transform(ST_Force2D(ST_GeomFromText(value, srid)), 4326);
        EXCEPTION WHEN data_exception OR internal_error OR invalid_parameter_value THEN
            RETURN NULL;
        END $$;

        CREATE FUNCTION staging.as_point(x double precision, y double precision, srid integer) RETURNS geometry LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN
            RETURN ST_Transform(ST_SetSRID(ST_MakePoint(x, y), srid), 4326);
        EXCEPTION WHEN data_exception OR internal_error OR invalid_parameter_value THEN
            RETURN NULL;
        END $$;

        CREATE FUNCTION staging.level_rank(level text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT CASE level WHEN 'city' THEN 1 WHEN 'district' THEN 2 WHEN 'street' THEN 3 ELSE 4 END
        $$;

        -- One source geometry as the parts a table can hold: repaired, in the wanted type, or refused with a reason.
        -- "tidied" is what the table's trigger will make of "geom", to compare with what is stored.
        CREATE FUNCTION staging.shapes(source geometry, kind text, swap boolean, buffer_metres double precision, explode boolean,
                                       minimum_square_metres double precision, clip geometry)
        RETURNS TABLE (part integer, parts integer, geom geometry, tidied geometry, repaired text, reason text) LANGUAGE plpgsql AS $$
        DECLARE
            shape geometry := ST_Force2D(source);
            pieces geometry[];
        BEGIN
            part := 1;
            parts := 1;
            IF kind = 'None' THEN RETURN NEXT; RETURN; END IF;
            IF shape IS NULL OR ST_IsEmpty(shape) THEN reason := 'has no geometry'; RETURN NEXT; RETURN; END IF;
            IF swap THEN shape := ST_FlipCoordinates(shape); END IF;
            IF NOT (ST_XMin(shape) >= -180 AND ST_XMax(shape) <= 180 AND ST_YMin(shape) >= -90 AND ST_YMax(shape) <= 90) THEN
                reason := format('lies outside the world: %s, %s', ST_XMin(shape), ST_YMin(shape));
                RETURN NEXT; RETURN;
            END IF;
            IF ST_XMin(shape) = 0 AND ST_XMax(shape) = 0 AND ST_YMin(shape) = 0 AND ST_YMax(shape) = 0 THEN
                reason := 'lies at 0, 0: its coordinates are not known'; RETURN NEXT; RETURN;
            END IF;

            IF kind = 'Polygon' THEN
                IF buffer_metres > 0 THEN shape := ST_Buffer(shape::geography, buffer_metres)::geometry; END IF;
                IF ST_Dimension(shape) < 2 THEN reason := 'is not a polygon but a ' || GeometryType(shape); RETURN NEXT; RETURN; END IF;
                IF NOT ST_IsValid(shape) THEN
                    repaired := regexp_replace(ST_IsValidReason(shape), '\[.*$', '');
                    shape := ST_MakeValid(shape, 'method=structure');
                END IF;
                IF GeometryType(shape) = 'GEOMETRYCOLLECTION' THEN shape := ST_CollectionExtract(shape, 3); END IF;
            ELSIF kind = 'Line' THEN
                IF GeometryType(shape) = 'GEOMETRYCOLLECTION' THEN shape := ST_CollectionExtract(shape, 2); END IF;
                IF GeometryType(shape) NOT IN ('LINESTRING', 'MULTILINESTRING') THEN
                    reason := 'is not a line but a ' || GeometryType(shape); RETURN NEXT; RETURN;
                END IF;
            ELSIF ST_Dimension(shape) = 2 THEN
                IF NOT ST_IsValid(shape) THEN shape := ST_MakeValid(shape, 'method=structure'); END IF;
                shape := ST_PointOnSurface(shape);
            ELSIF ST_Dimension(shape) = 1 THEN
                reason := 'is not a point but a ' || GeometryType(shape); RETURN NEXT; RETURN;
            END IF;
            IF clip IS NOT NULL THEN
                shape := ST_Intersection(shape, clip);
                IF kind = 'Polygon' THEN shape := ST_CollectionExtract(shape, 3); END IF;
                IF kind = 'Line' THEN shape := ST_CollectionExtract(shape, 2); END IF;
                IF ST_IsEmpty(shape) THEN reason := 'lies outside the city'; RETURN NEXT; RETURN; END IF;
            END IF;

            IF kind = 'Polygon' AND NOT explode THEN
                pieces := ARRAY[shape];
            ELSE
                SELECT array_agg(dumped.geom ORDER BY dumped.path) INTO pieces FROM ST_Dump(shape) AS dumped;
            END IF;
            parts := coalesce(array_length(pieces, 1), 0);
            IF parts = 0 THEN reason := 'has no geometry'; parts := 1; RETURN NEXT; RETURN; END IF;
            FOR piece IN 1 .. parts LOOP
                part := piece;
                geom := pieces[piece];
                reason := NULL;
                IF kind = 'Polygon' THEN
                    geom := ST_Multi(geom);
                    tidied := tidy_polygon(geom);
                    IF ST_IsEmpty(tidied) THEN reason := 'vanishes when coordinates are kept to 1e-7 degrees';
                    ELSIF minimum_square_metres > 0 AND ST_Area(tidied::geography) < minimum_square_metres THEN
                        reason := format('is smaller than %s square metres', minimum_square_metres);
                    END IF;
                ELSE
                    tidied := tidy_other(geom);
                    IF ST_IsEmpty(tidied) OR (kind = 'Line' AND (ST_NPoints(tidied) < 2 OR ST_Length(tidied) = 0)) THEN
                        reason := 'has no length';
                    END IF;
                END IF;
                RETURN NEXT;
            END LOOP;
        END $$;
        """;
}
