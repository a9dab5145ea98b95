using GridMap.Server.Import;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Import;

public sealed class OtherCitiesTests
{
    [RealDataFact]
    public async Task Porto_FromOpenStreetMap()
    {
        await using var city = new Scratch();
        await city.InitializeAsync();
        var report = await city.Import(ProfileReader.Find("osm"), RealData.Path("osm/porto.osm.pbf"));
        report["buildings"].Inserted.ShouldBe(11_197);
        report["buildings"].RepairedRows.Count.ShouldBe(3);
        report["roads"].Inserted.ShouldBe(3_451);
        (await city.Count("roads", "class = 'steps'")).ShouldBe(433);
        (await city.Count("roads", "class = 'steps' AND NOT walkable")).ShouldBeLessThan(5);
        (await city.Count("roads", "class = 'expressway' AND walkable")).ShouldBe(0);
        (await city.Count("roads", "bridge")).ShouldBeGreaterThan(20);
        (await city.Count("facilities", "type = 'pharmacy'")).ShouldBeGreaterThan(15);
        // The extract holds no whole boundary of the city, so its hull stands for it and everything lies in it.
        (await city.Count("areas")).ShouldBe(1);
        (await city.Count("buildings", "area_id IS NULL")).ShouldBe(0);
        (await city.Scratch.Scalar<int>("SELECT metric_srid FROM city")).ShouldBe(32_629);
    }

    [RealDataFact]
    public async Task Boston_ServiceRequests()
    {
        await using var city = new Scratch();
        await city.InitializeAsync();
        var report = await city.Import(ProfileReader.Find("boston-311"), RealData.Path("boston_311_2015"));
        var requests = report["requests"];
        requests.Read.ShouldBe(37_421);
        requests.Refused.ShouldBe(4);
        requests.RefusedByReason.ShouldHaveSingleItem().Reason.ShouldBe("closed before it was reported");
        requests.Inserted.ShouldBe(37_417);
        (await city.Count("incidents", "status = 'closed'")).ShouldBe(32_396 - 4);
        (await city.Count("incidents", "closed_at IS NULL")).ShouldBe(5_025);
        (await city.Count("incidents", "due_at IS NULL")).ShouldBeInRange(1_099, 1_103);
        (await city.Count("incidents", "category = 'US-street-light'")).ShouldBe(7_956);
        (await city.Count("incidents", "source = 'public'")).ShouldBeInRange(14_087 + 30 + 1_537 - 4, 14_087 + 30 + 1_537);
        (await city.Count("incident_steps")).ShouldBe(37_417 + 32_392 + 5_025);
    }

    private sealed class Scratch : ImportedCity, IAsyncDisposable
    {
        ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());
    }
}
