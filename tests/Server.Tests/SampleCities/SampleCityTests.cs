using GridMap.SampleCity;
using GridMap.Server.Http;
using GridMap.Server.SampleCities;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.SampleCities;

/// <summary>A sample city of 60 grids in a database of its own.</summary>
public sealed class SampleTown : IAsyncLifetime
{
    public ScratchDatabase Scratch { get; } = new();

    public async Task InitializeAsync()
    {
        await Scratch.InitializeAsync();
        if (ScratchDatabase.ReasonToSkip is null)
            await SampleCommand.Fill(Scratch.Source, 60, CityOrder.UsualSeed, onlyIfEmpty: false, _ => { }, CancellationToken.None);
    }

    public Task DisposeAsync() => Scratch.DisposeAsync();
}

/// <summary>PostGIS's own word on the sample city: an exact partition, and places that are what the triggers would have found.</summary>
public sealed class SampleCityTests(SampleTown town) : IClassFixture<SampleTown>
{
    private const string Base = "(SELECT grids.* FROM grids JOIN nets ON nets.id = net_id AND nets.code = 'base' WHERE valid_to = 'infinity') AS base";

    [DatabaseTheory]
    [InlineData($"SELECT count(*) FROM {Base}", 60)]
    // A partition: what two grids share is never an area, and together they are the city, to the last vertex.
    [InlineData("""
        SELECT count(*) FROM grids AS a JOIN grids AS b ON a.id < b.id AND a.net_id = b.net_id AND a.geom && b.geom
        WHERE a.valid_to = 'infinity' AND b.valid_to = 'infinity' AND NOT ST_Relate(a.geom, b.geom, 'F********')
        """, 0)]
    [InlineData($"SELECT count(*) FROM areas WHERE level = 'city' AND ST_Equals(geom, (SELECT ST_Union(geom) FROM {Base}))", 1)]
    [InlineData($"""
        WITH edges AS (
            SELECT least(a, b) AS low, greatest(a, b) AS high
            FROM (SELECT ST_PointN(ring, n) AS a, ST_PointN(ring, n + 1) AS b
                  FROM (SELECT (ST_DumpRings((ST_Dump(geom)).geom)).geom AS shell FROM {Base}) AS rings
                       CROSS JOIN LATERAL ST_ExteriorRing(shell) AS ring, generate_series(1, ST_NPoints(ring) - 1) AS n) AS pairs)
        SELECT count(*) FROM (SELECT low, high, count(*) AS used FROM edges GROUP BY low, high) AS counted
        WHERE used > 2 OR (used = 1 AND NOT ST_Covers((SELECT ST_Boundary(geom) FROM areas WHERE level = 'city'), ST_MakeLine(low, high)))
        """, 0)]
    // The generator's own answers against the triggers' questions.
    [InlineData("SELECT count(*) FROM incidents WHERE grid_id IS DISTINCT FROM base_grid_at(geom, reported_at)", 0)]
    [InlineData("SELECT count(*) FROM incidents JOIN grids ON grids.id = grid_id WHERE incidents.area_id IS DISTINCT FROM grids.area_id", 0)]
    [InlineData("SELECT count(*) FROM buildings WHERE grid_id IS DISTINCT FROM base_grid_at(centre, now())", 0)]
    [InlineData("SELECT count(*) FROM buildings JOIN grids ON grids.id = grid_id WHERE buildings.area_id IS DISTINCT FROM grids.area_id", 0)]
    [InlineData("SELECT count(*) FROM buildings WHERE NOT ST_OrderingEquals(ST_Normalize(geom), ST_Normalize(tidy_polygon(geom)))", 0)]
    [InlineData("SELECT count(*) FROM incidents WHERE NOT ST_OrderingEquals(geom, tidy_other(geom))", 0)]
    [InlineData("SELECT count(*) FROM buildings JOIN grids ON grids.id = grid_id WHERE NOT ST_Contains(grids.geom, buildings.geom)", 0)]
    [InlineData("SELECT count(*) FROM facilities WHERE grid_id IS NULL AND type NOT IN ('bus-stop', 'subway-station', 'public-toilet', 'litter-barrel', 'parking')", 0)]
    // Boundaries of another day answer for that day.
    [InlineData("SELECT count(*) FROM incidents JOIN grids ON grids.id = grid_id WHERE reported_at < valid_from OR reported_at >= valid_to", 0)]
    [InlineData("SELECT count(*) FROM changes WHERE op <> 'reload' AND table_name IN ('areas', 'grids', 'buildings', 'facilities', 'roads')", 0)]
    public async Task It_is_exact(string sql, long expected) =>
        (await town.Scratch.Scalar<long>(sql)).ShouldBe(expected);

    [DatabaseFact]
    public async Task Former_grids_hold_incidents_of_their_time() =>
        (await town.Scratch.Scalar<long>("SELECT count(*) FROM incidents JOIN grids ON grids.id = grid_id WHERE valid_to < 'infinity'")).ShouldBeGreaterThan(0);

    [DatabaseFact]
    public async Task A_full_database_is_refused_or_left_alone()
    {
        var before = await town.Scratch.Scalar<long>("SELECT count(*) FROM buildings");
        await Should.ThrowAsync<Refused>(() => SampleCommand.Fill(town.Scratch.Source, 60, 1, onlyIfEmpty: false, _ => { }, CancellationToken.None));
        await SampleCommand.Fill(town.Scratch.Source, 60, 1, onlyIfEmpty: true, _ => { }, CancellationToken.None);
        (await town.Scratch.Scalar<long>("SELECT count(*) FROM buildings")).ShouldBe(before);
    }

    [DatabaseFact]
    public async Task What_is_written_next_gets_a_number_of_its_own()
    {
        var id = await town.Scratch.Scalar<long>("""
            INSERT INTO incidents (category, reported_at, geom)
            SELECT 'E0102', '2026-11-02 09:00+08', ST_PointOnSurface(geom) FROM areas WHERE level = 'city' RETURNING id
            """);
        id.ShouldBe(await town.Scratch.Scalar<long>("SELECT count(*) FROM incidents"));
        (await town.Scratch.Scalar<string>($"SELECT number FROM incidents WHERE id = {id}")).ShouldNotBeNull().ShouldStartWith("20261102");
    }
}
