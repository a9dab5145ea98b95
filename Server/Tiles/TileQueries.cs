using GridMap.Server.Databases;
using GridMap.Server.Layers;

namespace GridMap.Server.Tiles;

/// <summary>The one statement that makes a tile of any layer.</summary>
public sealed class TileQueries(Database database)
{
    private const int Extent = 4096, Buffer = 64;

    // Tiles are drawn on 512 pixels; points closer than 8 of them cannot be told apart.
    private const int CountCells = 64;

    public async Task<byte[]> Tile(Layer layer, int z, int x, int y, IEnumerable<PropertyTest> tests, CancellationToken cancellation)
    {
        var where = Sql.And(tests.Concat(layer.TileDetail(z) is { } detail ? [detail] : []).Select(FeatureSql.Condition));
        var rows = z < layer.CountBelowZoom ? Counted(layer, z) : Whole(layer);
        // The box is transformed, not the rows: the index is in degrees.
        return await database.Scalar<byte[]>($"""
            WITH bounds AS (
                SELECT ST_TileEnvelope({z}, {x}, {y}) AS box,
                       ST_Transform(ST_TileEnvelope({z}, {x}, {y}, margin => {(double)Buffer / Extent}), 4326) AS reach
            ), found AS (
                SELECT t.*{Sql.Trusted(OtherTables(layer))} FROM {Sql.Trusted(layer.From)}, bounds WHERE t.geom && bounds.reach AND {where}
            )
            SELECT ST_AsMVT(tile, {layer.Name}, {Extent}, 'shape', 'id') FROM ({rows}) AS tile
            """, cancellation) ?? [];
    }

    public async Task<double[]?> Bounds(Layer layer, CancellationToken cancellation) =>
        await database.QueryOne(Sql.Of($"""
            SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)
            FROM (SELECT ST_EstimatedExtent({layer.Table}, 'geom') AS box) AS known WHERE box IS NOT NULL
            """), reader => new[] { reader.GetDouble(0), reader.GetDouble(1), reader.GetDouble(2), reader.GetDouble(3) }, cancellation);

    private static Sql Whole(Layer layer) => Sql.Of($"""
        SELECT t.id, {Columns(layer, column => $"{column} ")}
            ST_AsMVTGeom(ST_Transform(t.geom, 3857), bounds.box, {Extent}, {Buffer}, true) AS shape
        FROM found AS t, bounds
        """);

    // Points that fall into one cell are one feature at their middle; a lone one keeps its attributes.
    private static Sql Counted(Layer layer, int z) => Sql.Of($"""
        SELECT min(t.id) AS id, count(*)::int AS count, {Columns(layer, column => $"CASE WHEN count(*) = 1 THEN min({column}) END ")}
            ST_AsMVTGeom(ST_Centroid(ST_Collect(t.place)), min(bounds.box::text)::geometry, {Extent}, {Buffer}, true) AS shape
        FROM (SELECT found.*, ST_Transform(found.geom, 3857) AS place FROM found) AS t, bounds
        GROUP BY floor(ST_X(t.place) / {Cell(z)}), floor(ST_Y(t.place) / {Cell(z)})
        """);

    private static double Cell(int z) => 2 * 20037508.342789244 / (1L << z) / CountCells;

    private static Sql Columns(Layer layer, Func<string, string> value) => Sql.Trusted(string.Concat(layer.Columns.Where(column => column.InTiles)
        .Select(column => $"{value(column.Kind == ColumnKind.Time ? $"extract(epoch FROM {Local(column.Sql)})::bigint" : Local(column.Sql))}AS \"{column.Name}\", ")));

    // Inside the tile everything comes from one row set: a column of a joined table goes by its own name there.
    private static string Local(string sql) => sql.StartsWith("t.", StringComparison.Ordinal) ? sql : $"t.{sql.Replace('.', '_')}";

    private static string OtherTables(Layer layer) => string.Concat(layer.Columns.Where(column => column.InTiles && !column.Sql.StartsWith("t.", StringComparison.Ordinal))
        .Select(column => $", {column.Sql} AS {column.Sql.Replace('.', '_')}"));
}
