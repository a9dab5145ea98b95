using System.Globalization;
using System.Text.Json;
using GridMap.Geo.Hotspots;
using GridMap.Geo.Projections;
using GridMap.Server.Hotspots;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Hotspots;

public sealed class HotspotTests(SmallCity city) : IClassFixture<SmallCity>
{
    private const string March = "from=2026-03-01&to=2026-04-01";

    [DatabaseTheory]
    [InlineData(null, false, false)]
    [InlineData("reported", false, false)]
    [InlineData(null, true, false)]
    [InlineData("closed", false, true)]
    [InlineData("in-progress", true, true)]
    public async Task Memory_and_PostGIS_find_the_same_incidents(string? status, bool inCategory, bool inArea)
    {
        await city.Server.Loaded();
        var (layer, tests) = (city.Server.Layer("incidents"), new List<PropertyTest>());
        var categories = await city.Server.Database.Query($"SELECT category FROM incidents GROUP BY category ORDER BY count(*) DESC LIMIT 2", row => row.GetString(0), default);
        tests.Add(PropertyTest.Compare(layer.Column("reportedAt"), TestKind.GreaterOrEqual, new DateTime(2026, 2, 10, 0, 0, 0, DateTimeKind.Utc)));
        if (inCategory) tests.Add(PropertyTest.In(layer.Column("category"), categories));
        if (inArea) tests.Add(PropertyTest.In(layer.Column("areaId"), [SmallCity.Community1Id]));
        if (status is not null) tests.Add(PropertyTest.Equal(layer.Column("status"), status));
        // Its west edge lies on incidents.
        var question = new FeatureQuestion(layer, int.MaxValue) { Box = new Bbox(SmallCity.West + (SmallCity.Step / 2), SmallCity.South, SmallCity.East, SmallCity.North), Tests = tests };
        var (lons, lats) = await IncidentPoints.Of(question, city.Server.Database, city.Server.Copies, default);
        var asked = await HotspotQueries.Points(city.Server.Database, question, default);
        lons.Zip(lats).Order().ShouldBe(asked.Lons.Zip(asked.Lats).Order());
        if (status is null && !inCategory) lons.Length.ShouldBeGreaterThan(20);
    }

    [DatabaseTheory]
    [InlineData("gaussian", 300, 0.001)]
    [InlineData("gaussian", 100, 0.001)]
    [InlineData("quartic", 500, 0.005)]
    public async Task The_surface_holds_as_many_incidents_as_there_are(string kernel, double bandwidth, double tolerance)
    {
        var density = await city.Anyone.Json($"/api/hotspots/density?{March}&kernel={kernel}&bandwidthMetres={bandwidth}");
        density.At("count").GetInt64().ShouldBe(SmallCity.MarchIncidents);
        density.At("srid").GetInt32().ShouldBe(4549);
        density.At("values").GetArrayLength().ShouldBe(density.At("rows").GetInt32());
        density.At("values", 0).GetArrayLength().ShouldBe(density.At("columns").GetInt32());
        var cell = density.At("cellMetres").GetDouble();
        var total = density.At("values").EnumerateArray().Sum(row => row.EnumerateArray().Sum(value => value.GetDouble())) * cell * cell / 1e6;
        total.ShouldBe(SmallCity.MarchIncidents, SmallCity.MarchIncidents * tolerance);
    }

    [DatabaseFact]
    public async Task The_highest_cell_is_where_the_kernels_add_up_to_most()
    {
        var density = await city.Anyone.Json($"/api/hotspots/density?{March}&bandwidthMetres=100&cellMetres=25");
        var rows = density.At("values").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray()).ToArray();
        var max = rows.Max(row => row.Max());
        max.ShouldBe(density.At("max").GetDouble(), 1e-6);
        var fromNorth = Array.FindIndex(rows, row => row.Contains(max));
        var column = Array.IndexOf(rows[fromNorth], max);
        double x = density.At("origin", 0).GetDouble() + ((column + 0.5) * 25), y = density.At("origin", 1).GetDouble() + ((rows.Length - fromNorth - 0.5) * 25);
        // The same sum by SQL, in the plane: Gaussian kernels of 100 m at that cell's middle.
        var expected = await city.Server.Database.Scalar<double>($"""
            SELECT sum(exp(-power(ST_Distance(ST_Transform(geom, 4549), ST_SetSRID(ST_MakePoint({x}, {y}), 4549)), 2) / 20000)) / (2 * pi() * 10000) * 1e6
            FROM incidents WHERE reported_at >= '2026-03-01 00:00+08' AND reported_at < '2026-04-01 00:00+08'
            """, CancellationToken.None);
        max.ShouldBe(expected, expected * 0.005);
        // Grid 9 has nine incidents in a row east of its middle.
        var (lon, lat) = MetricPlane.ForSrid(4549).ToLonLat(x, y);
        lon.ShouldBeInRange(119.965, 119.967);
        lat.ShouldBe(31.795, 0.0005);
    }

    [DatabaseFact]
    public async Task Frames_of_two_periods_lie_on_each_other_and_a_header_can_be_had_alone()
    {
        var march = await city.Anyone.Json($"/api/hotspots/density?{March}&values=false");
        var february = await city.Anyone.Json("/api/hotspots/density?from=2026-02-01&to=2026-03-01&values=false");
        march.At("values").ValueKind.ShouldBe(JsonValueKind.Null);
        foreach (var name in new[] { "origin", "columns", "rows", "bbox", "cellMetres" }) february.At(name).ToString().ShouldBe(march.At(name).ToString());
        february.At("count").GetInt64().ShouldBe(SmallCity.FebruaryIncidents);
        february.At("max").GetDouble().ShouldBeLessThan(march.At("max").GetDouble());
    }

    [DatabaseFact]
    public async Task The_picture_says_where_it_lies_and_is_as_large_as_its_pixels()
    {
        using var response = await city.Anyone.GetAsync($"/api/hotspots/density?{March}&format=png&cellMetres=20");
        response.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        var png = await response.Content.ReadAsByteArrayAsync();
        png.AsSpan(1, 3).SequenceEqual("PNG"u8).ShouldBeTrue();
        var box = response.Headers.GetValues("X-GridMap-Bbox").Single().Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        box[0].ShouldBeLessThan(SmallCity.West);
        box[1].ShouldBeLessThan(SmallCity.South);
        box[2].ShouldBeGreaterThan(SmallCity.East);
        box[3].ShouldBeGreaterThan(SmallCity.North);
        int width = (png[18] << 8) | png[19], height = (png[22] << 8) | png[23];
        var (west, south) = KnownCrs.WebMercator.FromLonLat(box[0], box[1]);
        var (east, north) = KnownCrs.WebMercator.FromLonLat(box[2], box[3]);
        ((east - west) / width).ShouldBe((north - south) / height, 1e-6);
    }

    [DatabaseFact]
    public async Task Bands_hold_each_other_and_the_hottest_place_lies_in_the_last()
    {
        var bands = (await city.Anyone.Json($"/api/hotspots/density?{March}&format=contours&levels=5&bandwidthMetres=150")).At("features").EnumerateArray().ToList();
        bands.Count.ShouldBe(5);
        bands[^1].At("properties", "to").ValueKind.ShouldBe(JsonValueKind.Null);
        for (var i = 0; i + 1 < bands.Count; i++) bands[i].At("properties", "to").GetDouble().ShouldBe(bands[i + 1].At("properties", "from").GetDouble());
        (await city.Server.Database.Scalar<bool>($"""
            SELECT ST_IsValid(geom) AND ST_Contains(geom, ST_SetSRID(ST_MakePoint(119.9658, 31.795), 4326)) FROM ST_GeomFromGeoJSON({bands[^1].At("geometry").ToString()}) AS geom
            """, CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public void Every_pixel_shows_its_own_place()
    {
        // A plane tilted in x and y is reproduced exactly by bilinear sampling: what is left is the error of the place.
        var plane = MetricPlane.ForSrid(4549);
        var lattice = new Lattice(460_000, 3_500_000, 50, 600, 500);
        var surface = new Surface(lattice, Enumerable.Range(0, lattice.CellCount).Select(i => lattice.CentreX(i % 600) - 460_000 + (2 * (lattice.CentreY(i / 600) - 3_500_000))).ToArray());
        var (warped, _) = DensityPicture.Warp(surface, plane);
        var (worst, seen) = (0.0, 0);
        for (var row = 0; row < warped.Lattice.Rows; row += 7)
        {
            for (var column = 0; column < warped.Lattice.Columns; column += 7)
            {
                var (lon, lat) = KnownCrs.WebMercator.ToLonLat(warped.Lattice.CentreX(column), warped.Lattice.CentreY(row));
                var (x, y) = plane.ToMetres(lon, lat);
                if (x < lattice.CentreX(0) || x > lattice.CentreX(599) || y < lattice.CentreY(0) || y > lattice.CentreY(499)) continue;
                worst = Math.Max(worst, Math.Abs(warped[column, row] - (x - 460_000 + (2 * (y - 3_500_000)))));
                seen++;
            }
        }
        seen.ShouldBeGreaterThan(4_000);
        worst.ShouldBeLessThan(1, "metres of displacement, with cells of 50 m");
    }

    [DatabaseFact]
    public async Task Grids_count_their_incidents_against_the_span_before()
    {
        var counts = await city.Anyone.Json($"/api/hotspots/grids?{March}");
        counts.At("count").GetInt64().ShouldBe(SmallCity.MarchIncidents);
        counts.At("unlocated").GetInt64().ShouldBe(0);
        var grids = counts.At("grids").EnumerateArray().ToList();
        grids.Select(grid => (grid.At("id").GetInt64(), grid.At("count").GetInt64())).ShouldBe(Enumerable.Range(1, 9).Select(id => ((long)id, (long)id)).Reverse());
        grids.ShouldAllBe(grid => grid.At("before").GetInt64() == 1);
        grids[0].At("changePercent").GetDouble().ShouldBe(800);
        grids[0].At("per1000Residents").GetDouble().ShouldBe(1000.0 * 9 / 120, 1e-9);
        var area = await city.Scratch.Scalar<double>("SELECT ST_Area(geom::geography) FROM grids WHERE id = 9");
        grids[0].At("perSquareKilometre").GetDouble().ShouldBe(9e6 / area, 1e-9);
    }

    [DatabaseFact]
    public async Task Another_net_and_older_boundaries_are_filled_by_place()
    {
        var police = await city.Anyone.Json($"/api/hotspots/grids?{March}&net=police");
        police.At("grids").EnumerateArray().Select(grid => $"{grid.At("code")} {grid.At("count")} {grid.At("before")}").ShouldBe(["P1 27 6", "P2 18 3"]);
        police.At("unlocated").GetInt64().ShouldBe(0);
        police.At("grids", 0, "per1000Residents").ValueKind.ShouldBe(JsonValueKind.Null);

        await city.Scratch.Execute("""
            INSERT INTO incidents (category, title, reported_at, geom) VALUES ('E0102', 'old', '2024-12-30 08:00+08', ST_SetSRID(ST_MakePoint(119.945, 31.775), 4326)),
                ('E0102', 'old', '2024-12-30 08:00+08', ST_SetSRID(ST_MakePoint(118.0, 31.775), 4326))
            """);
        var newYear = await city.Anyone.Json("/api/hotspots/grids?from=2024-12-01&to=2025-01-02");
        newYear.At("grids").EnumerateArray().Single(grid => grid.At("count").GetInt64() > 0).At("id").GetInt64().ShouldBe(1);
        newYear.At("unlocated").GetInt64().ShouldBe(1);
        await city.Scratch.Execute("DELETE FROM incidents WHERE title = 'old'");
    }
}
