using System.Globalization;
using Npgsql;

namespace GridMap.Benchmarks;

/// <summary>One question: addresses of the server that come in turn, and the statements that make the same answers in the database.</summary>
public sealed record Asked(string Name, string[] Paths, IReadOnlyList<string> Sql)
{
    /// <summary>Asked of a server that keeps no tile.</summary>
    public bool IsMadeAnew { get; init; }

    /// <summary>Asked of a server that keeps the answer; the peer has it as a file.</summary>
    public bool IsKnown { get; init; }

    /// <summary>The same asked of MapServer; empty when it cannot say it.</summary>
    public string[] PeerPaths { get; init; } = [];

    /// <summary>Posted; null for GET.</summary>
    public string? Body { get; init; }

    public string[] Headers { get; init; } = [];
}

/// <summary>The questions, over the city that the database holds. Places differ from request to request but are the same in every run.</summary>
public sealed record Questions(string Name, long Grids, long Buildings, long Incidents, double West, double South, double East, double North)
{
    /// <summary>Asked again by who knows the answer already.</summary>
    public const string Known = "/ogc/collections/grids/items?limit=10";

    private const int Variants = 512, Statements = 32, BatchPoints = 10_000;

    private const string GridColumns = "'net', net_id, 'code', code, 'name', name, 'kind', kind, 'areaId', area_id, 'households', households, 'residents', residents, 'validFrom', valid_from, 'validTo', valid_to";
    private const string BuildingColumns = "'code', code, 'name', name, 'address', address, 'use', use, 'floors', floors, 'heightMetres', height_metres, 'households', households, 'residents', residents, 'elderly', elderly, 'children', children, 'compoundId', compound_id, 'areaId', area_id, 'gridId', grid_id";

    public IReadOnlyList<Asked> All(string etag) =>
    [
        new("pipeline: the smallest answer there is", ["/health/live"], []),
        new("items: 1,000 grids in a box, GeoJSON", [$"/ogc/collections/grids/items?bbox={Box(0.25)}&limit=1000"], [Features("grids", GridColumns, 0.25, 1000)]) { PeerPaths = [MapServer.Items("grids", Box(0.25), 1000)] },
        new("items: 10,000 buildings in a box, GeoJSON", [$"/ogc/collections/buildings/items?bbox={Box(0.25)}&limit=10000"], [Features("buildings", BuildingColumns, 0.25, 10_000)]) { PeerPaths = [MapServer.Items("buildings", Box(0.25), 10_000)] },
        new("tile: buildings, zoom 14, made anew", [.. Tiles("buildings", 14, 16)], [.. Places(16).Select(spot => Mvt(TileOf(14, spot), 14))]) { IsMadeAnew = true, PeerPaths = [.. Places(16).Select(spot => MapServer.Tile("buildings", 14, TileOf(14, spot)))] },
        new("tile: grids, zoom 10, made anew", [.. Tiles("grids", 10, 1)], [.. Places(1).Select(spot => GridTileSql(10, TileOf(10, spot)))]) { IsMadeAnew = true, PeerPaths = [.. Places(1).Select(spot => MapServer.Tile("grids", 10, TileOf(10, spot)))] },
        new("tile: buildings, zoom 14, known", [.. Tiles("buildings", 14, 16)], []) { IsKnown = true },
        new("tile: buildings, zoom 17, known (small)", [.. Tiles("buildings", 17, 64)], []) { IsKnown = true },
        new("not modified: 10 grids", [Known], []) { Headers = [$"If-None-Match: {etag}"] },
        new("feature by id: a building", [.. Enumerable.Range(0, Variants).Select(i => $"/ogc/collections/buildings/items/{Id(i)}?f=json")],
            [.. Enumerable.Range(0, Statements).Select(i => $"SELECT '{{\"type\":\"Feature\",\"id\":' || id || ',\"geometry\":' || ST_AsGeoJSON(geom, 7) || ',\"properties\":' || json_build_object({BuildingColumns}) || '}}' FROM buildings WHERE id = {Id(i)}")]),
        new("locate: the whole chain", [.. Places(Variants).Select(spot => $"/api/locate?{At(spot)}")], [.. Places(Statements).Select(LocateSql)]),
        new("locate: 10,000 places at once", ["/api/locate"], []) { Body = $$"""{"points":[{{string.Join(',', Places(BatchPoints).Select(spot => string.Create(CultureInfo.InvariantCulture, $"[{spot.Lon:0.0000000},{spot.Lat:0.0000000}]")))}}]}""" },
        new("circle: 5 minutes, all figures", [.. Places(Variants).Select(spot => $"/api/circle?{At(spot)}&minutes=5")], [.. Places(Statements).Select(CircleSql)]),
        new("density: a year, 300 m, as contours", ["/api/hotspots/density?bandwidthMetres=300&cellMetres=100&format=contours"], ["SELECT ST_X(geom), ST_Y(geom) FROM incidents"]),
    ];

    /// <summary>The same question for ever more rows: buildings of the middle of the city as GeoJSON.</summary>
    public IEnumerable<Asked> Growing() => new[] { 1, 10, 100, 1000, 10_000 }.Select(rows =>
        new Asked(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} buildings"), [$"/ogc/collections/buildings/items?bbox={Box(0.25)}&limit={rows}"], [Features("buildings", BuildingColumns, 0.25, rows)]));

    /// <summary>What desks and walls ask all day, one of a kind.</summary>
    public IReadOnlyList<string> Everyday() =>
        [Known, $"/ogc/collections/buildings/items/{Id(7)}?f=json", $"/api/locate?{At(Places(8).Last())}", .. Tiles("grids", 14, 8).Take(1), .. Tiles("incidents", 14, 8).Take(1), $"/ogc/collections/grids/items?bbox={Box(0.25)}&limit=1000"];

    /// <summary>The tag by which a client says that it knows an answer.</summary>
    public static async Task<string> ETag(ServerProcess server, string path)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var response = await http.GetAsync(path);
        return response.EnsureSuccessStatusCode().Headers.ETag!.ToString();
    }

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

    // Text glued together row by row: the fastest way of PostGIS to GeoJSON.
    private string Features(string table, string columns, double share, int limit) => $$"""
        SELECT '[' || string_agg('{"type":"Feature","id":' || id || ',"geometry":' || ST_AsGeoJSON(geom, 7) || ',"properties":' || json_build_object({{columns}}) || '}', ',') || ']'
        FROM (SELECT * FROM {{table}} WHERE ST_Intersects(geom, ST_MakeEnvelope({{Box(share)}}, 4326)) ORDER BY id LIMIT {{limit}}) AS page
        """;

    // The middle of the city, so much of its width and height.
    private string Box(double share)
    {
        var (x, y, w, h) = ((West + East) / 2, (South + North) / 2, (East - West) * share, (North - South) * share);
        return string.Create(CultureInfo.InvariantCulture, $"{x - w:0.000000},{y - h:0.000000},{x + w:0.000000},{y + h:0.000000}");
    }

    // The middle half of the city, walked through by a fixed pattern (the golden ratio fills a square evenly).
    public IEnumerable<(double Lon, double Lat)> Places(int count) => Enumerable.Range(0, count).Select(i =>
        (West + ((East - West) * (0.25 + (0.5 * (i * 0.6180339887 % 1)))), South + ((North - South) * (0.25 + (0.5 * (i * 0.7548776662 % 1))))));

    public static string At((double Lon, double Lat) spot) => string.Create(CultureInfo.InvariantCulture, $"lon={spot.Lon:0.0000000}&lat={spot.Lat:0.0000000}");

    public static string Point((double Lon, double Lat) spot) => string.Create(CultureInfo.InvariantCulture, $"ST_SetSRID(ST_MakePoint({spot.Lon:0.0000000}, {spot.Lat:0.0000000}), 4326)");

    private static string CircleSql((double Lon, double Lat) spot)
    {
        var point = Point(spot);
        return $"""
            SELECT (SELECT count(*) || ' ' || sum(households) || ' ' || sum(residents) FROM buildings WHERE ST_DWithin(centre::geography, {point}::geography, 300)),
                   (SELECT json_object_agg(category, n)::text FROM (SELECT category, count(*) AS n FROM incidents WHERE ST_DWithin(geom::geography, {point}::geography, 300) GROUP BY 1) AS c),
                   (SELECT json_agg(json_build_object('id', id, 'name', name, 'm', ST_Distance(geom::geography, {point}::geography)))::text
                    FROM facilities WHERE ST_DWithin(geom::geography, {point}::geography, 300)),
                   (SELECT json_agg(json_build_object('id', id, 'code', code))::text FROM grids WHERE ST_DWithin(geom::geography, {point}::geography, 300))
            """;
    }

    private static string LocateSql((double Lon, double Lat) spot)
    {
        var point = Point(spot);
        return $"""
            SELECT (SELECT json_agg(json_build_object('code', code, 'name', name))::text FROM areas WHERE ST_Intersects(geom, {point})),
                   (SELECT json_agg(json_build_object('code', code, 'name', name))::text FROM grids WHERE ST_Intersects(geom, {point}) AND now() >= valid_from AND now() < valid_to)
            """;
    }

    private long Id(int i) => 1 + (i * 104_729L % Math.Max(1, Buildings));

    private IEnumerable<string> Tiles(string layer, int zoom, int count) => Places(count).Select(spot => TileOf(zoom, spot)).Distinct().Select(tile => $"/tiles/{layer}/{zoom}/{tile.X}/{tile.Y}.mvt");

    private static string GridTileSql(int zoom, (int X, int Y) tile) => $"""
        SELECT ST_AsMVT(tile, 'grids', 4096, 'shape', 'id') FROM (
            SELECT id, net_id, code, name, kind, area_id, households, residents, ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope({zoom}, {tile.X}, {tile.Y}), 4096, 64, true) AS shape
            FROM grids WHERE valid_to = 'infinity' AND geom && ST_Transform(ST_TileEnvelope({zoom}, {tile.X}, {tile.Y}, margin => 0.015625), 4326)) AS tile
        """;

    private static (int X, int Y) TileOf(int zoom, (double Lon, double Lat) spot)
    {
        var (n, lat) = (1 << zoom, spot.Lat * Math.PI / 180);
        return ((int)((spot.Lon + 180) / 360 * n), (int)((1 - (Math.Asinh(Math.Tan(lat)) / Math.PI)) / 2 * n));
    }

    private static string Mvt((int X, int Y) tile, int z) => $"""
        SELECT ST_AsMVT(tile, 'buildings', 4096, 'shape', 'id') FROM (
            SELECT id, code, name, use, floors, height_metres, residents,
                   ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope({z}, {tile.X}, {tile.Y}), 4096, 64, true) AS shape
            FROM buildings WHERE geom && ST_Transform(ST_TileEnvelope({z}, {tile.X}, {tile.Y}, margin => 0.015625), 4326)) AS tile
        """;
}
