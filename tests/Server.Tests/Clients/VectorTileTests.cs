using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Clients;

/// <summary>A test with a library among the client's packages; skipped where they have not been installed.</summary>
public sealed class PackageFactAttribute : FactAttribute
{
    public PackageFactAttribute() => Skip = ScratchDatabase.ReasonToSkip ?? (Directory.Exists(Path.Combine(VectorTileTests.Packages, "@mapbox", "vector-tile")) ? null : "The client's packages are not installed.");
}

/// <summary>@mapbox/vector-tile, the reader that browsers use, finds in the tiles what the tables hold; PostGIS compares the shapes.</summary>
public sealed class VectorTileTests(SmallCity city) : IClassFixture<SmallCity>
{
    public static readonly string Packages = Path.Combine(OpenApiLintTests.Root(), "MapClient", "node_modules");

    // A tile of zoom 14 is 2.1 km wide here, a unit half a metre: a position is off by at most 0.71 units, in degrees 4e-6.
    private const double MostDegrees = 4.5e-6;

    [PackageFact]
    public async Task Tiles_hold_what_the_tables_hold()
    {
        foreach (var (layer, current, values) in new[]
        {
            ("grids", "valid_to = 'infinity' AND net_id = (SELECT id FROM nets WHERE code = 'base')", "code = p->>'code' AND name = p->>'name' AND households = (p->>'households')::int"),
            ("buildings", "true", "code = p->>'code' AND use = p->>'use' AND floors = (p->>'floors')::int"),
            ("facilities", "true", "code = p->>'code' AND type = p->>'type'"),
            ("areas", "true", "code = p->>'code' AND level = p->>'level'"),
        })
        {
            var script = Path.Combine(AppContext.BaseDirectory, "Clients", "vector_tile.mjs");
            var (code, text) = await ClientProgram.Run("node", script, Packages, city.Server.Address.ToString().TrimEnd('/'), layer, "14", "13651", "6664");
            code.ShouldBe(0, text);
            await using var command = city.Scratch.Source.CreateCommand($"""
                WITH tile AS (SELECT (f->>'id')::bigint AS id, ST_SetSRID(ST_GeomFromGeoJSON(f->>'geometry'), 4326) AS shape, f->'properties' AS p FROM jsonb_array_elements($1::jsonb->'features') AS f),
                     frame AS (SELECT ST_Transform(ST_TileEnvelope(14, 13651, 6664), 4326) AS box)
                SELECT count(*), count(tile.id), coalesce(bool_and({values}), false), coalesce(bool_and(ST_IsValid(shape)), false),
                       coalesce(max(ST_HausdorffDistance(shape, geom)) FILTER (WHERE ST_Within(geom, box)), 0)
                FROM frame JOIN {layer} ON ST_Intersects(geom, box) LEFT JOIN tile USING (id) WHERE {current}
                """);
            command.Parameters.AddWithValue(text);
            await using var row = await command.ExecuteReaderAsync();
            await row.ReadAsync();
            row.GetInt64(0).ShouldBeGreaterThan(0, layer);
            row.GetInt64(1).ShouldBe(row.GetInt64(0), layer);
            row.GetBoolean(2).ShouldBeTrue($"{layer}: properties");
            row.GetBoolean(3).ShouldBeTrue($"{layer}: validity");
            row.GetDouble(4).ShouldBeLessThan(MostDegrees, layer);
        }
    }
}
