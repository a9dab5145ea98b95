using System.Net;
using GridMap.Geo.Tests.Tiles;
using GridMap.Geo.Tiles;
using GridMap.Server.Layers;
using GridMap.Server.Tiles;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Tiles;

/// <summary>Tiles from memory hold what ST_AsMVT puts into them.</summary>
public sealed class BothWaysTests(SmallCity city) : IClassFixture<SmallCity>
{
    private static readonly int[] Zooms = [10, 12, 13, 14, 16];

    [DatabaseFact]
    public async Task Tiles_hold_the_same_features_properties_and_areas_as_those_of_PostGIS()
    {
        await city.Server.Loaded();
        await city.Scratch.Execute("""
            INSERT INTO landscapes (code, name, kind, geom) SELECT 'T' || n, '湖' || n, 'water',
                ST_Multi(ST_Difference(ST_Buffer(ST_SetSRID(ST_MakePoint(119.945 + n * 0.004, 31.785), 4326), 0.004, 6), ST_Buffer(ST_SetSRID(ST_MakePoint(119.945 + n * 0.004, 31.785), 4326), 0.002, 4)))
            FROM generate_series(1, 5) AS n;
            INSERT INTO roads (code, name, class, bridge, geom) SELECT 'T' || n, 'r' || n, 'arterial', n % 2 = 0,
                ST_SetSRID(ST_MakeLine(ST_MakePoint(119.93 + n * 0.01, 31.76), ST_MakePoint(119.98, 31.77 + n * 0.004)), 4326) FROM generate_series(1, 5) AS n;
            """);
        var (queries, tiles, features) = (city.Server.Service<TileQueries>(), 0, 0);
        foreach (var name in new[] { "areas", "grids", "buildings", "facilities", "incidents", "landscapes", "roads" })
        {
            var layer = city.Server.Layer(name);
            foreach (var (set, z) in Zooms.Where(z => z >= layer.MinZoom).SelectMany(z => new[] { (TileMatrixSet.WebMercatorQuad, z), (TileMatrixSet.Cgcs2000Quad, z - 1) }))
            {
                var (x, y) = set.TileAt(z, 119.955, 31.785);
                for (var dx = 0; dx < 2; dx++)
                {
                    var tile = new TileMatrix(set, z, (int)x + dx, (int)y);
                    var mine = Read(TileMaker.Make(city.Server.Copies.Find(layer).ShouldNotBeNull(), tile, []));
                    var theirs = Read(await queries.Tile(layer, tile, [], CancellationToken.None));
                    mine.Keys.Order().ShouldBe(theirs.Keys.Order(), $"{name} {set} {z}/{x + dx}/{y}");
                    foreach (var (id, feature) in mine)
                    {
                        var other = theirs[id];
                        feature.Type.ShouldBe(other.Type);
                        feature.Properties.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}={pair.Value}")
                            .ShouldBe(other.Properties.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}={pair.Value}"), $"{name} {id}");
                        if (feature.Type == 3) Area(feature).ShouldBe(Area(other), 4 + (Length(other) * (z < 12 ? 4 : z < 14 ? 2 : 1)), $"{name} {set} {z}/{x + dx}/{y} {id}");
                        features++;
                    }
                    tiles++;
                }
            }
        }
        tiles.ShouldBeGreaterThan(100);
        features.ShouldBeGreaterThan(300);
    }

    [DatabaseFact]
    public async Task Of_facilities_of_a_type_in_one_place_one_is_drawn_from_afar()
    {
        await city.Server.Loaded();
        await city.Scratch.Execute("""
            INSERT INTO facilities (id, code, name, type, geom) SELECT 8000 + n, 'THIN-' || n, 'n' || n, CASE n % 2 WHEN 0 THEN 'pharmacy' ELSE 'school' END, ST_SetSRID(ST_MakePoint(119.9552 + n * 1e-7, 31.7852), 4326)
            FROM generate_series(1, 20) AS n
            """);
        var layer = city.Server.Layer("facilities");
        var copy = (await LayerLoad.Whole(city.Server.Database, layer, null, _ => { }, default)).Copy;
        foreach (var (z, expected) in new[] { (12, new long[] { 8001, 8002 }), (13, [8001, 8002]), (14, [.. Enumerable.Range(8001, 20).Select(id => (long)id)]) })
        {
            var (x, y) = TileMatrixSet.WebMercatorQuad.TileAt(z, 119.9552, 31.7852);
            var tile = new TileMatrix(TileMatrixSet.WebMercatorQuad, z, (int)x, (int)y);
            Read(TileMaker.Make(copy, tile, [])).Keys.Where(id => id > 8000).Order().ToArray().ShouldBe(expected, $"{z}");
            Read(await city.Server.Service<TileQueries>().Tile(layer, tile, [], CancellationToken.None)).Keys.Where(id => id > 8000).Order().ToArray().ShouldBe(expected, $"{z} in SQL");
        }
        await city.Scratch.Execute("DELETE FROM facilities WHERE id > 8000");
    }

    [DatabaseFact]
    public async Task A_change_takes_away_the_tiles_that_show_it_and_leaves_the_others()
    {
        await city.Server.Loaded();
        // The building and one at the other end of the city.
        var (touched, other) = (Address(119.952, 31.792), Address(119.968, 31.772));
        var (before, beside) = (await city.Anyone.GetAsync(touched), await city.Anyone.GetAsync(other));
        before.StatusCode.ShouldBe(HttpStatusCode.OK);
        var cache = city.Server.Service<TileCache>();
        var bytes = cache.Bytes;
        bytes.ShouldBeGreaterThan(0);
        await city.Scratch.Execute("UPDATE buildings SET name = '改了' WHERE code = 'B-2-1-1'");
        cache.Bytes.ShouldBeLessThan(bytes, "the tile that showed it is gone");
        cache.Bytes.ShouldBeGreaterThan(0, "the other is not");
        var after = await city.Anyone.GetAsync(touched);
        System.Text.Encoding.UTF8.GetString(await after.Content.ReadAsByteArrayAsync()).ShouldContain("改了");
        after.Headers.ETag!.Tag.ShouldNotBe(before.Headers.ETag!.Tag);
        (await city.Anyone.GetAsync(other)).Headers.ETag.ShouldBe(beside.Headers.ETag);
    }

    private static string Address(double lon, double lat)
    {
        const int n = 1 << 16;
        return $"/tiles/buildings/16/{(int)((lon + 180) / 360 * n)}/{(int)((1 - (Math.Asinh(Math.Tan(lat * Math.PI / 180)) / Math.PI)) / 2 * n)}.mvt";
    }

    [DatabaseFact]
    public async Task A_tile_is_sent_as_gzip_to_who_takes_it()
    {
        await city.Server.Loaded();
        var plain = await city.Anyone.GetByteArrayAsync("/tiles/grids/12/3412/1666.mvt");
        for (var i = 0; i < 2; i++)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/tiles/grids/12/3412/1666.mvt");
            request.Headers.Add("Accept-Encoding", i == 0 ? "gzip" : "gzip;q=0");
            var response = await city.Anyone.SendAsync(request);
            response.Content.Headers.ContentEncoding.ShouldBe(i == 0 ? ["gzip"] : []);
            await using var body = await response.Content.ReadAsStreamAsync();
            using var read = new MemoryStream();
            if (i == 0) await new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionMode.Decompress).CopyToAsync(read);
            else await body.CopyToAsync(read);
            read.ToArray().ShouldBe(plain);
        }
    }

    private static Dictionary<long, ReadFeature> Read(byte[] tile) => tile.Length == 0 ? [] : TileReader.Read(tile).Features.ToDictionary(feature => feature.Id);

    private static double Area(ReadFeature feature) => feature.Parts.Sum(ring => ring.Select((at, i) => ((double)at.X * ring[(i + 1) % ring.Count].Y) - ((double)ring[(i + 1) % ring.Count].X * at.Y)).Sum()) / 2;

    private static double Length(ReadFeature feature) => feature.Parts.Sum(ring => ring.Select((at, i) => Math.Sqrt(Math.Pow(at.X - ring[(i + 1) % ring.Count].X, 2) + Math.Pow(at.Y - ring[(i + 1) % ring.Count].Y, 2))).Sum());
}
