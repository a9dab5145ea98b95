using System.Globalization;
using Npgsql;

namespace GridMap.Benchmarks;

/// <summary>One question, as a URL of the server and as the SQL that makes the same answer in the database.</summary>
public sealed record Asked(string Name, Func<int, int, string> Url, Func<int, int, string> Sql);

/// <summary>The questions, over the city that the database holds. Places differ from request to request but are the same in every run.</summary>
public sealed record Questions(string Name, long Grids, long Buildings, long Incidents, double West, double South, double East, double North)
{
    private const int Zoom = 14;

    public IReadOnlyList<Asked> All =>
    [
        new("items: 1,000 grids as GeoJSON", (_, _) => "/ogc/collections/grids/items?limit=1000",
            (_, _) => Features("grids", "net_id, code, name, kind, area_id, households, residents, valid_from, valid_to", 1000)),
        new("items: 10,000 buildings as GeoJSON", (_, _) => "/ogc/collections/buildings/items?limit=10000",
            (_, _) => Features("buildings", "code, name, address, use, floors, height_metres, households, residents, elderly, children, compound_id, area_id, grid_id", 10_000)),
        new("tile: buildings, zoom 14, each tile again and again", (asker, count) => Tile(asker, count % 4, out var x, out var y, $"/tiles/buildings/{Zoom}/{{0}}/{{1}}.mvt"),
            (asker, count) => TileSql(asker, count % 4)),
        new("feature by id: a building", (asker, count) => $"/ogc/collections/buildings/items/{Id(asker, count)}?f=json",
            (asker, count) => $"SELECT ST_AsGeoJSON(one, 'geom', 7) FROM (SELECT id, code, name, address, use, floors, residents, geom FROM buildings WHERE id = {Id(asker, count)}) AS one"),
        // The filter makes each tile another one: it comes from no cache.
        new("tile: grids, zoom 10, made anew each time", (asker, count) => Tile(10, asker, $"/tiles/grids/10/{{0}}/{{1}}.mvt?at=2026-01-01T{count / 3600 % 24:00}:{count / 60 % 60:00}:{count % 60:00}Z"),
            (asker, _) => GridTileSql(10, asker)),
        new("tile: buildings, zoom 17, each tile once", (asker, count) => $"/tiles/buildings/17/{Once(asker, count).X}/{Once(asker, count).Y}.mvt",
            (asker, count) => Mvt(17, Once(asker, count).X, Once(asker, count).Y)),
        new("circle: 5 minutes, all figures", (asker, count) => $"/api/circle?{At(asker, count)}&minutes=5", (asker, count) => CircleSql(asker, count)),
        new("locate: the whole chain", (asker, count) => $"/api/locate?{At(asker, count)}", (asker, count) => LocateSql(asker, count)),
        new("density: a year, 300 m, as contours", (_, _) => "/api/hotspots/density?bandwidthMetres=300&cellMetres=100&format=contours",
            (_, _) => "SELECT ST_X(geom), ST_Y(geom) FROM incidents"),
    ];

    public override string ToString() => $"{Name}: {Grids:N0} grids, {Buildings:N0} buildings, {Incidents:N0} incidents";

    public static string Npgsql(string address)
    {
        if (!address.StartsWith("postgres", StringComparison.Ordinal)) return address;
        var url = new Uri(address);
        var user = url.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = url.Host, Port = url.Port > 0 ? url.Port : 5432, Database = url.AbsolutePath.TrimStart('/'), Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null, MaxAutoPrepare = 50, AutoPrepareMinUsages = 2,
        }.ConnectionString;
    }

    public static async Task<Questions> Read(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("""
            SELECT (SELECT name FROM city), (SELECT count(*) FROM grids), (SELECT count(*) FROM buildings), (SELECT count(*) FROM incidents),
                   ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box) FROM (SELECT ST_Extent(geom) AS box FROM areas) AS whole
            """);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return row.IsDBNull(4) ? throw new InvalidOperationException("The database holds no city.")
            : new Questions(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetDouble(4), row.GetDouble(5), row.GetDouble(6), row.GetDouble(7));
    }

    private static string Features(string table, string columns, int limit) => $"""
        SELECT json_build_object('type', 'FeatureCollection', 'features', json_agg(ST_AsGeoJSON(page, 'geom', 7)::json))::text
        FROM (SELECT id, {columns}, geom FROM {table} ORDER BY id LIMIT {limit}) AS page
        """;

    // The middle half of the city, walked through by a fixed pattern (the golden ratio fills a square evenly).
    private (double Lon, double Lat) Spot(int asker, int count)
    {
        var (along, across) = ((asker * 0.7548776662 + count * 0.6180339887) % 1, (asker * 0.5698402910 + count * 0.7548776662) % 1);
        return (West + (East - West) * (0.25 + 0.5 * along), South + (North - South) * (0.25 + 0.5 * across));
    }

    private string At(int asker, int count)
    {
        var (lon, lat) = Spot(asker, count);
        return string.Create(CultureInfo.InvariantCulture, $"lon={lon:0.0000000}&lat={lat:0.0000000}");
    }

    private string Point(int asker, int count)
    {
        var (lon, lat) = Spot(asker, count);
        return string.Create(CultureInfo.InvariantCulture, $"ST_SetSRID(ST_MakePoint({lon:0.0000000}, {lat:0.0000000}), 4326)");
    }

    private string CircleSql(int asker, int count)
    {
        var point = Point(asker, count);
        return $"""
            SELECT (SELECT count(*) || ' ' || sum(households) || ' ' || sum(residents) FROM buildings WHERE ST_DWithin(centre::geography, {point}::geography, 300)),
                   (SELECT json_object_agg(category, n)::text FROM (SELECT category, count(*) AS n FROM incidents WHERE ST_DWithin(geom::geography, {point}::geography, 300) GROUP BY 1) AS c),
                   (SELECT json_agg(json_build_object('id', id, 'name', name, 'm', ST_Distance(geom::geography, {point}::geography)))::text
                    FROM facilities WHERE ST_DWithin(geom::geography, {point}::geography, 300)),
                   (SELECT json_agg(json_build_object('id', id, 'code', code))::text FROM grids WHERE ST_DWithin(geom::geography, {point}::geography, 300))
            """;
    }

    private string LocateSql(int asker, int count)
    {
        var point = Point(asker, count);
        return $"""
            SELECT (SELECT json_agg(json_build_object('code', code, 'name', name))::text FROM areas WHERE ST_Intersects(geom, {point})),
                   (SELECT json_agg(json_build_object('code', code, 'name', name))::text FROM grids WHERE ST_Intersects(geom, {point}) AND now() >= valid_from AND now() < valid_to)
            """;
    }

    private string Tile(int asker, int step, out int x, out int y, string form)
    {
        (x, y) = TileOf(Zoom, Spot(asker, step));
        return string.Format(CultureInfo.InvariantCulture, form, x, y);
    }

    private long Id(int asker, int count) => 1 + (((asker * 7919L) + (count * 104_729L)) % Math.Max(1, Buildings));

    private string Tile(int zoom, int asker, string form)
    {
        var (x, y) = TileOf(zoom, Spot(asker, 0));
        return string.Format(CultureInfo.InvariantCulture, form, x, y);
    }

    private string GridTileSql(int zoom, int asker)
    {
        var (x, y) = TileOf(zoom, Spot(asker, 0));
        return $"""
            SELECT ST_AsMVT(tile, 'grids', 4096, 'shape', 'id') FROM (
                SELECT id, net_id, code, name, kind, area_id, households, residents, ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope({zoom}, {x}, {y}), 4096, 64, true) AS shape
                FROM grids WHERE net_id = 1 AND valid_to = 'infinity' AND geom && ST_Transform(ST_TileEnvelope({zoom}, {x}, {y}, margin => 0.015625), 4326)) AS tile
            """;
    }

    private string TileSql(int asker, int step)
    {
        var (x, y) = TileOf(Zoom, Spot(asker, step));
        return Mvt(Zoom, x, y);
    }

    private (int X, int Y) Once(int asker, int count) => TileOf(17, Spot(asker, count));

    private static (int X, int Y) TileOf(int zoom, (double Lon, double Lat) spot)
    {
        var (n, lat) = (1 << zoom, spot.Lat * Math.PI / 180);
        return ((int)((spot.Lon + 180) / 360 * n), (int)((1 - Math.Asinh(Math.Tan(lat)) / Math.PI) / 2 * n));
    }

    private static string Mvt(int z, int x, int y) => $"""
        SELECT ST_AsMVT(tile, 'buildings', 4096, 'shape', 'id') FROM (
            SELECT id, code, name, use, floors, height_metres, residents,
                   ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope({z}, {x}, {y}), 4096, 64, true) AS shape
            FROM buildings WHERE geom && ST_Transform(ST_TileEnvelope({z}, {x}, {y}, margin => 0.015625), 4326)) AS tile
        """;
}
