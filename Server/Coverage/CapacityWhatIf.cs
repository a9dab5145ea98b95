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
    /// <summary>Before any of the answer is made; those that change are few beside all.</summary>
    /// <exception cref="Refused">It takes too long to wait for.</exception>
    internal static async Task Spend(WhatIfAsked whole, WalkingCities cities, CancellationToken cancellation)
    {
        var city = await cities.Now(cancellation);
        whole.Effort.Spend(city, [.. whole.Asked.Choice.From(city).Select(facility => facility.At)], whole.Asked.Limit);
    }

    /// <exception cref="Refused">A change cannot be meant.</exception>
    internal static async Task<(CapacityWhatIf Answer, SupplySums Before, SupplySums After)> Of(WhatIfAsked whole, Database database, WalkingCities cities, CancellationToken cancellation)
    {
        var (question, datum, asked, _) = whole;
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
        var (before, after) = Sums();
        await using var connection = await database.Open(cancellation);
        var tree = await CoverageQueries.Areas(connection, cancellation);
        var grids = await CoverageQueries.Grids(connection, before.Grids(), cancellation);
        return (new CapacityWhatIf(asked.Choice.FacilityType, asked.Limit / 1000.0, asked.Minutes, asked.Pace.Profile, asked.Pace.MetresPerMinute, "e2sfca", weight,
            [.. belts.Select(belt => new SupplyBelt(belt.Millimetres / 1000.0, belt.Weight))], city.Version, Side(now, before), Side(then, after), Areas("street"), Areas("community"),
            [.. before.ByGrid(grids).Zip(after.ByGrid(grids), (here, there) => new CapacityGrid(here.Id, here.Code, here.Name, here.Supply, there.Supply)).Where(grid => grid.Today != grid.Scenario)]), before, after);

        // Whoever stands where they stood is walked from once for both.
        (SupplySums Before, SupplySums After) Sums()
        {
            var moved = stands.Select((stand, i) => (Stand: stand, Number: i)).Where(one => one.Stand is { } stand && (one.Number >= now.Count || stand.At != now[one.Number].At)).Select(one => (one.Number, one.Stand!.Value)).ToList();
            EdgePoint[] places = [.. now.Select(offer => offer.At), .. moved.Select(one => one.Value.At)];
            double[] today = [.. now.Select(offer => (double)(offer.Capacity ?? 0)), .. moved.Select(_ => 0.0)];
            double[] scenario = [.. now.Select((offer, i) => stands[i] is { } stand && stand.At == offer.At ? stand.Capacity ?? 0.0 : 0), .. moved.Select(one => one.Value.Capacity ?? 0.0)];
            var sums = SupplySums.Of(city, places, [today, scenario], weight, belts, asked.Areas, cancellation);
            return (sums[0], sums[1]);
        }

        CapacityArea[] Areas(string level) => [.. before.ByLevel(tree, level).Zip(after.ByLevel(tree, level), (here, there) => new CapacityArea(here.Area, here.Supply, there.Supply)).Where(area => area.Today != area.Scenario)];
    }

    private static SupplySide Side(List<(EdgePoint At, int? Capacity)> offers, SupplySums sums) =>
        new(offers.Count, offers.Count(offer => offer.Capacity is null), offers.Sum(offer => (long)(offer.Capacity ?? 0)), sums.CapacityReached, sums.Total());
}
