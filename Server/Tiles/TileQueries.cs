using GridMap.Geo.Tiles;
using GridMap.Server.Databases;
using GridMap.Server.Layers;

namespace GridMap.Server.Tiles;

/// <summary>The one statement that makes a tile of any layer.</summary>
public sealed class TileQueries(Database database)
{
    private const int Extent = 4096, Buffer = 64;

    // Tiles are drawn on 512 pixels; points closer than 8 of them cannot be told apart.
    private const int CountCells = 64;

    public async Task<byte[]> Tile(Layer layer, TileMatrix tile, IEnumerable<PropertyTest> tests, CancellationToken cancellation)
    {
        var detailZoom = tile.Set.Detail(tile.Z);
        var where = Sql.And(tests.Concat(layer.TileDetail(detailZoom) is { } detail ? [detail] : []).Select(FeatureSql.Condition));
        var rows = detailZoom < layer.CountBelowZoom ? Counted(layer, tile) : layer.Thinning is { } thinning && detailZoom < thinning.BelowZoom ? Thinned(layer, thinning, tile) : Whole(layer, tile);
        // The box is transformed, not the rows: the index is in degrees.
        return await database.Scalar<byte[]>($"""
            WITH bounds AS (
                SELECT {Envelope(tile, 0)} AS box, ST_Transform({Envelope(tile, (double)Buffer / Extent)}, 4326) AS reach
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

    // The two tiles of zoom 0 of a latitude–longitude quad are the upper half of a square that PostGIS cuts as it cuts the Mercator one.
    private static Sql Envelope(TileMatrix tile, double margin) => tile.Set.IsMercator
        ? Sql.Of($"ST_TileEnvelope({tile.Z}, {tile.X}, {tile.Y}, margin => {margin})")
        : Sql.Of($"ST_TileEnvelope({tile.Z + 1}, {tile.X}, {tile.Y}, ST_MakeEnvelope(-180, -270, 180, 90, 4326), {margin})");

    private static int Srid(TileMatrix tile) => tile.Set.IsMercator ? 3857 : 4326;

    private static Sql Whole(Layer layer, TileMatrix tile) => Sql.Of($"""
        SELECT t.id, {Columns(layer, column => $"{column} ")}
            ST_AsMVTGeom(ST_Transform(t.geom, {Srid(tile)}), bounds.box, {Extent}, {Buffer}, true) AS shape
        FROM found AS t, bounds
        """);

    // Points that fall into one cell are one feature at their middle; a lone one keeps its attributes.
    private static Sql Counted(Layer layer, TileMatrix tile) => Sql.Of($"""
        SELECT min(t.id) AS id, count(*)::int AS count, {Open(layer)}{Columns(layer, column => $"CASE WHEN count(*) = 1 THEN min({column}) END ")}
            ST_AsMVTGeom(ST_Centroid(ST_Collect(t.place)), min(bounds.box::text)::geometry, {Extent}, {Buffer}, true) AS shape
        FROM (SELECT found.*, ST_Transform(found.geom, {Srid(tile)}) AS place FROM found) AS t, bounds
        GROUP BY floor(ST_X(t.place) / {Cell(tile)}), floor(ST_Y(t.place) / {Cell(tile)})
        """);

    private static Sql Thinned(Layer layer, TileThinning thinning, TileMatrix tile)
    {
        var kind = Sql.Trusted(Local(layer.Column(thinning.By).Sql));
        return Sql.Of($"""
            SELECT DISTINCT ON ({kind}, cell_x, cell_y) t.id, {Columns(layer, column => $"{column} ")}
                ST_AsMVTGeom(t.place, bounds.box, {Extent}, {Buffer}, true) AS shape
            FROM (SELECT placed.*, floor(ST_X(place) / {Cell(tile)}) AS cell_x, floor(ST_Y(place) / {Cell(tile)}) AS cell_y
                  FROM (SELECT found.*, ST_Transform(found.geom, {Srid(tile)}) AS place FROM found) AS placed) AS t, bounds
            ORDER BY {kind}, cell_x, cell_y, t.id
            """);
    }

    private static Sql Open(Layer layer) => layer.OpenWhileNull is { } ending
        ? Sql.Trusted($"nullif(count(*) FILTER (WHERE {Local(layer.Column(ending).Sql)} IS NULL), 0)::int AS open, ") : Sql.Trusted("");

    private static double Cell(TileMatrix tile) => (tile.Set.IsMercator ? 2 * 20037508.342789244 : 360) / tile.Set.Columns(tile.Z) / CountCells;

    private static Sql Columns(Layer layer, Func<string, string> value) => Sql.Trusted(string.Concat(layer.Columns.Where(column => column.InTiles)
        .Select(column => $"{value(column.Kind == ColumnKind.Time ? $"extract(epoch FROM {Local(column.Sql)})::bigint" : Local(column.Sql))}AS \"{column.Name}\", ")));

    // Inside the tile everything comes from one row set: a column of a joined table goes by its own name there.
    private static string Local(string sql) => sql.StartsWith("t.", StringComparison.Ordinal) ? sql : $"t.{sql.Replace('.', '_')}";

    private static string OtherTables(Layer layer) => string.Concat(layer.Columns.Where(column => column.InTiles && !column.Sql.StartsWith("t.", StringComparison.Ordinal))
        .Select(column => $", {column.Sql} AS {column.Sql.Replace('.', '_')}"));
}
