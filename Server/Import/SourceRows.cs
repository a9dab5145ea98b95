using GridMap.Geo.Projections;
using GridMap.Server.Databases;

namespace GridMap.Server.Import;

/// <summary>
/// A step's source as one relation (<c>source_file, source_row, geom, c1, c2 …</c>) and which source field each column is.
/// </summary>
internal sealed record SourceRows(Sql Relation, IReadOnlyDictionary<string, string> Columns, FileSource? Files, bool HasGeometry = true)
{
    /// <summary>What the degrees of these rows are shifted by.</summary>
    public ChinaDatum Coord { get; init; } = Files?.Coord ?? ChinaDatum.Wgs84;

    /// <summary>Several files may have different fields: a field that one file lacks is empty there.</summary>
    public static SourceRows Of(StagingSchema schema, IReadOnlyList<StagedTable> tables, FileSource files)
    {
        var columns = new Dictionary<string, string>();
        foreach (var name in tables.SelectMany(table => table.Columns.Keys)) columns.TryAdd(name, $"c{columns.Count + 1}");
        var parts = tables.Select(table =>
        {
            var list = columns.Select(column => table.Columns.TryGetValue(column.Key, out var own) ? $", {own} AS {column.Value}" : $", NULL::text AS {column.Value}");
            // GDAL counts the rows of a CSV from 1 and of most other formats from 0; with COPY it always numbers from 1.
            return Sql.Of($"SELECT {table.File}::text AS source_file, row__::bigint AS source_row, geom__ AS geom{Sql.Trusted(string.Concat(list))} FROM {Sql.Trusted($"{schema.Name}.{table.Table}")}");
        });
        return new SourceRows(parts.Aggregate((left, right) => Sql.Of($"{left} UNION ALL {right}")), columns, files, tables.All(table => table.HasGeometry));
    }

    public static SourceRows OfAreas(AreaSource source) => new(
        Sql.Of($"""
            SELECT {"areas " + source.Level}::text AS source_file, row_number() OVER (ORDER BY code) AS source_row, geom, code AS c1, name AS c2, name_en AS c3, level AS c4
            FROM areas WHERE level = {source.Level}
            """),
        new Dictionary<string, string> { ["code"] = "c1", ["name"] = "c2", ["nameEn"] = "c3", ["level"] = "c4" }, null);

    public static SourceRows OfHull(StagingSchema schema, IReadOnlyList<SourceRows> sources)
    {
        var places = sources.Select(source => Sql.Of($"SELECT {source.Place(schema, new ExpressionSql(schema, source.Columns)).Geometry} AS geom FROM ({source.Relation}) AS s"));
        return new SourceRows(
            Sql.Of($"""
                SELECT 'hull'::text AS source_file, 1::bigint AS source_row, ST_ConvexHull(ST_Collect(ST_ConvexHull(geom))) AS geom
                FROM ({places.Aggregate((left, right) => Sql.Of($"{left} UNION ALL {right}"))}) AS everything HAVING count(geom) > 0
                """),
            new Dictionary<string, string>(), null)
        { Coord = sources[0].Coord };
    }

    /// <summary>A row's geometry in EPSG:4326 and, where it has none, why.</summary>
    public (Sql Geometry, Sql Unplaced) Place(StagingSchema schema, ExpressionSql write)
    {
        if (Files is not { } files || (files.X is null && files.Wkt is null) || (HasGeometry && !write.Has(files.X ?? files.Wkt!))) return (Sql.Trusted("s.geom"), Sql.Trusted("NULL::text"));
        var srid = files.Crs is null ? 4326 : int.Parse(files.Crs.AsSpan(5));
        if (files.Wkt is not null)
        {
            var wkt = write.Column(files.Path + ".wkt", files.Wkt);
            return (Sql.Of($"{schema.Prefix}as_geometry({wkt}, {srid})"),
                Sql.Of($"CASE WHEN {wkt} IS NULL THEN 'has no geometry' WHEN {schema.Prefix}as_geometry({wkt}, {srid}) IS NULL THEN 'geometry is not WKT' END"));
        }
        var x = write.Column(files.Path + ".x", files.X!);
        var y = write.Column(files.Path + ".y", files.Y!);
        return (Sql.Of($"{schema.Prefix}as_point({schema.Prefix}as_number({x}, 1), {schema.Prefix}as_number({y}, 1), {srid})"),
            Sql.Of($"""
            CASE WHEN {x} IS NULL OR {y} IS NULL THEN 'has no coordinates'
                 WHEN {schema.Prefix}as_number({x}, 1) IS NULL THEN 'x: "' || left({x}, 80) || '" is not a number'
                 WHEN {schema.Prefix}as_number({y}, 1) IS NULL THEN 'y: "' || left({y}, 80) || '" is not a number' END
            """));
    }
}
