using GridMap.Geo.Coverage;
using GridMap.Geo.Roads;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Walking;

namespace GridMap.Server.Coverage;

/// <summary>What facilities offer, today or in a scenario.</summary>
/// <param name="FacilitiesWithoutCapacity">Of the facilities, those whose capacity nobody has said: they offer nothing here.</param>
/// <param name="CapacityReached">Of the capacity, what somebody can walk to, anywhere.</param>
public sealed record SupplySide(int Facilities, int FacilitiesWithoutCapacity, long Capacity, double CapacityReached, Supply Total);

public sealed record CapacityArea(AreaRef? Area, Supply Today, Supply Scenario);

public sealed record CapacityGrid(long? Id, string? Code, string Name, Supply Today, Supply Scenario);

/// <summary>What changed facilities would mean for the capacity on foot, by the same method as <see cref="Catchment"/>. Lists hold what differs.</summary>
public sealed record CapacityWhatIf(
    string FacilityType, double Metres, double? Minutes, string? Profile, double MetresPerMinute, string Method, string Weight, IReadOnlyList<SupplyBelt> Belts, string Version,
    SupplySide Today, SupplySide Scenario, IReadOnlyList<CapacityArea> ByStreet, IReadOnlyList<CapacityArea> ByCommunity, IReadOnlyList<CapacityGrid> ByGrid)
{
    /// <exception cref="Refused">A change cannot be meant, or there is no network.</exception>
    internal static async Task<(CapacityWhatIf Answer, SupplySums Before, SupplySums After)> Of(WhatIf question, Database database, WalkingCities cities, CancellationToken cancellation)
    {
        var datum = WhatIfReading.Check(question, WalkCoverageEndpoints.MostChanges);
        var asked = await WalkAsked.Of(question, database, cities, cancellation);
        var city = await cities.Now(cancellation);
        var facilities = asked.Choice.From(city);
        List<(EdgePoint At, int? Capacity)?> stands = [.. facilities.Select(facility => ((EdgePoint, int?)?)(facility.At, facility.Capacity))];
        foreach (var step in WhatIfReading.Steps(question, facilities, city, datum))
        {
            if (step.Op == "add") stands.Add((step.To!.Value, step.Capacity));
            else stands[step.Number] = step.Op == "close" ? null : (step.To ?? stands[step.Number]!.Value.At, step.Capacity ?? stands[step.Number]!.Value.Capacity);
        }
        var belts = FloatingCatchment.Usual(asked.Limit);
        var weight = question.Weight ?? "residents";
        List<(EdgePoint At, int? Capacity)> now = [.. facilities.Select(facility => (facility.At, facility.Capacity))], then = [.. stands.Where(stand => stand is not null).Select(stand => stand!.Value)];
        var (before, after) = (Sums(now), Sums(then));
        await using var connection = await database.Open(cancellation);
        var tree = await CoverageQueries.Areas(connection, cancellation);
        var grids = await CoverageQueries.Grids(connection, before.Grids(), cancellation);
        return (new CapacityWhatIf(asked.Choice.FacilityType, asked.Limit / 1000.0, asked.Minutes, asked.Pace.Profile, asked.Pace.MetresPerMinute, "e2sfca", weight,
            [.. belts.Select(belt => new SupplyBelt(belt.Millimetres / 1000.0, belt.Weight))], city.Version, Side(now, before), Side(then, after), Areas("street"), Areas("community"),
            [.. before.ByGrid(grids).Zip(after.ByGrid(grids), (here, there) => new CapacityGrid(here.Id, here.Code, here.Name, here.Supply, there.Supply)).Where(grid => grid.Today != grid.Scenario)]), before, after);

        SupplySums Sums(List<(EdgePoint At, int? Capacity)> offers) =>
            SupplySums.Of(city, offers.Select(offer => (offer.At, (double)(offer.Capacity ?? 0))), weight, belts, asked.Areas, cancellation);

        CapacityArea[] Areas(string level) => [.. before.ByLevel(tree, level).Zip(after.ByLevel(tree, level), (here, there) => new CapacityArea(here.Area, here.Supply, there.Supply)).Where(area => area.Today != area.Scenario)];
    }

    private static SupplySide Side(List<(EdgePoint At, int? Capacity)> offers, SupplySums sums) =>
        new(offers.Count, offers.Count(offer => offer.Capacity is null), offers.Sum(offer => (long)(offer.Capacity ?? 0)), sums.CapacityReached, sums.Total());
}
