using System.Runtime.CompilerServices;
using GridMap.Geo.Coverage;
using GridMap.Server.Walking;

namespace GridMap.Server.Plans;

/// <summary>How far every building's people walk to the nearest community service centre, whatever its size; reckoned once for a city.</summary>
internal static class ServiceCentreWalks
{
    // The types of the catalogue: party-centre of a street, party-station of a community.
    private const string Types = "party-";

    private static readonly ConditionalWeakTable<DemandPoints, Known> Reckoned = [];

    private sealed record Known(IReadOnlyList<WalkingFacility> Facilities, int[] Millimetres);

    /// <summary>Millimetres by building, with both access legs; <see cref="Geo.Roads.RoadNetwork.NoWay"/> where none can be reached.</summary>
    public static int[] Of(WalkingCity city)
    {
        if (Reckoned.TryGetValue(city.Demand, out var known) && ReferenceEquals(known.Facilities, city.Facilities)) return known.Millimetres;
        // Nothing is counted within a limit here: the nearest is sought however far.
        var coverage = new ServiceCoverage(city.Demand, 0, [.. city.Facilities.Where(facility => facility.Type.StartsWith(Types, StringComparison.Ordinal)).Select(facility => facility.At)]);
        var walks = coverage.Millimetres.ToArray();
        Reckoned.AddOrUpdate(city.Demand, new(city.Facilities, walks));
        return walks;
    }
}
