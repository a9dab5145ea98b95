using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Server.Layers;
using GridMap.Server.Plans;
using GridMap.Server.Walking;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Plans;

public sealed class PlanFiguresTests(PlanTown town) : IClassFixture<PlanTown>
{
    private static long Id(JsonElement plan) => plan.GetProperty("id").GetInt64();

    /// <summary>Without a copy of any layer: PostGIS counts.</summary>
    private PlanFigures FromPostgis()
    {
        var layers = town.Server.Service<LayerCatalog>();
        var copies = new LayerCopies(town.Server.Database, layers, new ConfigurationBuilder().Build(), NullLogger<LayerCopies>.Instance);
        return new PlanFigures(new WalkingCities(town.Server.Database, copies, NullLogger<WalkingCities>.Instance), copies, layers);
    }

    private async Task<string> Counted(PlanFigures figures, long plan) => JsonSerializer.Serialize(await town.Server.Service<PlanEdits>().Read(plan,
        (connection, open, draft, plane) => figures.Count(connection, [.. draft.Partition.Faces.Select(face => PlanFigures.Of(draft, face))], open, plane, true, default), default));

    [DatabaseFact]
    public async Task Memory_and_PostGIS_count_the_same()
    {
        var plan = Id(await town.Begin(await town.Street()));
        await town.SplitSome(plan);
        await town.Server.Loaded();
        await town.Server.Service<WalkingCities>().CatchUp();
        town.Server.Service<WalkingCities>().IsCurrent.ShouldBeTrue();
        var remembered = await Counted(town.Server.Service<PlanFigures>(), plan);
        remembered.ShouldBe(await Counted(FromPostgis(), plan));
        JsonDocument.Parse(remembered).RootElement.EnumerateArray().Sum(grid => grid.GetProperty("Incidents12Months").GetInt64()).ShouldBeGreaterThan(100);
    }

    [DatabaseFact]
    public async Task What_was_just_written_counts()
    {
        var plan = Id(await town.Begin(await town.Community(0)));
        await town.Server.Loaded();
        await town.Server.Service<WalkingCities>().CatchUp();
        var before = (await town.Grids(plan)).GetProperty("items")[0];
        var place = $"(SELECT ST_PointOnSurface(ST_SetSRID(ST_GeomFromGeoJSON('{before.GetProperty("geometry").GetRawText()}'), 4326)))";
        await town.Scratch.Execute($"UPDATE buildings SET households = households + 7 WHERE id = (SELECT id FROM buildings WHERE ST_Intersects(centre, ST_SetSRID(ST_GeomFromGeoJSON('{before.GetProperty("geometry").GetRawText()}'), 4326)) ORDER BY id LIMIT 1)");
        await town.Scratch.Execute($"INSERT INTO incidents (category, title, reported_at, geom) VALUES ('E0102', '新报', now(), {place})");
        var after = (await town.Grids(plan)).GetProperty("items")[0];
        (after.GetProperty("households").GetInt64() - before.GetProperty("households").GetInt64()).ShouldBe(7);
        (after.GetProperty("incidents12Months").GetInt64() - before.GetProperty("incidents12Months").GetInt64()).ShouldBe(1);
    }

    [DatabaseFact]
    public async Task What_a_grid_has_of_anything_may_be_too_much_or_too_little()
    {
        var community = await town.Community(0);
        var grids = (await town.Grids(Id(await town.Begin(community)))).GetProperty("items").EnumerateArray().ToList();
        double Middle(string name) => grids.Select(grid => grid.GetProperty(name).GetDouble()).Order().ElementAt(grids.Count / 2);
        var named = new Dictionary<string, string> { ["residents"] = "residents", ["areaSquareMetres"] = "areaSquareMetres", ["buildings"] = "buildings", ["load"] = "incidents12Months", ["minutesAcross"] = "minutesAcross" };
        foreach (var (limit, figure) in named)
        {
            var middle = Middle(figure);
            var limits = new Dictionary<string, object> { [limit] = new { least = middle * 0.999, most = middle * 1.001 } };
            var begun = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = limit, areaId = community, least = 0, most = 100_000, limits }), 201);
            begun.GetProperty("limits").GetProperty(limit).GetProperty("most").GetDouble().ShouldBe(middle * 1.001);
            // A draft that changed nothing is to blame for nothing; of all grids every mesh is told.
            (await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{Id(begun)}/check")).GetProperty("faults").GetArrayLength().ShouldBe(0);
            var faults = (await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{Id(begun)}/check?of=all")).GetProperty("faults").EnumerateArray().Where(fault => fault.GetProperty("indicator").GetString() == limit).ToList();
            foreach (var grid in grids)
            {
                var value = grid.GetProperty(figure).GetDouble();
                var expected = value > middle * 1.001 ? "grid.mesh-too-large" : value < middle * 0.999 ? "grid.mesh-too-small" : null;
                var found = faults.SingleOrDefault(fault => fault.GetProperty("grids")[0].GetString() == grid.GetProperty("key").GetString());
                (found.ValueKind == JsonValueKind.Undefined ? null : found.GetProperty("code").GetString()).ShouldBe(expected, $"{limit} {value} of {middle}");
                if (expected is not null) found.GetProperty("value").GetDouble().ShouldBe(value);
            }
            faults.Count.ShouldBeGreaterThan(1);
        }
        var wrong = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/plans", new { name = "x", areaId = community, limits = new { residents = new { least = -1 }, load = new { least = 5, most = 5 } } }), 400);
        wrong.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()).ShouldBe(["limits.residents.least", "limits.load.most"]);
    }

    [DatabaseFact]
    public async Task The_walk_to_the_nearest_centre_is_the_mean_of_the_residents_on_foot()
    {
        var plan = Id(await town.Begin(await town.Community(0)));
        var pace = await town.Scratch.Scalar<double>("SELECT walk_metres_per_minute FROM city");
        var centres = JsonSerializer.Deserialize<double[][]>(await town.Scratch.Scalar<string>("SELECT json_agg(json_build_array(ST_X(geom), ST_Y(geom)))::text FROM facilities WHERE type IN ('party-centre', 'party-station')") ?? "[]")!;
        centres.Length.ShouldBeInRange(1, 100);
        var walked = 0;
        foreach (var grid in (await town.Grids(plan)).GetProperty("items").EnumerateArray().Take(3))
        {
            var homes = JsonSerializer.Deserialize<double[][]>(await town.Scratch.Scalar<string>($"""
                SELECT coalesce(json_agg(json_build_array(ST_X(centre), ST_Y(centre), residents)), '[]')::text FROM buildings
                WHERE residents > 0 AND ST_Intersects(centre, ST_SetSRID(ST_GeomFromGeoJSON('{grid.GetProperty("geometry").GetRawText()}'), 4326))
                """) ?? "[]")!;
            var (walkers, metres) = (0.0, 0.0);
            foreach (var some in homes.Chunk(100))
            {
                var answer = await PlanTown.Json(await town.Planner.PostAsJsonAsync("/api/distances", new { from = some.Select(home => home[..2]), to = centres, mostMinutes = 160 }), 200);
                foreach (var (row, home) in answer.GetProperty("metres").EnumerateArray().Zip(some))
                {
                    var ways = row.EnumerateArray().Where(way => way.ValueKind == JsonValueKind.Number).Select(way => way.GetDouble()).ToArray();
                    if (ways.Length == 0) continue;
                    walked++;
                    walkers += home[2];
                    metres += home[2] * ways.Min();
                }
            }
            if (walkers == 0) grid.GetProperty("minutesToServiceCentre").ValueKind.ShouldBe(JsonValueKind.Null);
            // Places come to the question on the lattice of 1e-7°, a centimetre; minutes are told to the hundredth.
            else grid.GetProperty("minutesToServiceCentre").GetDouble().ShouldBe(metres / walkers / pace, 0.006);
        }
        walked.ShouldBeGreaterThan(20);
    }
}
