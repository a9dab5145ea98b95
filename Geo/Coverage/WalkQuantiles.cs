using GridMap.Geo.Roads;

namespace GridMap.Geo.Coverage;

/// <summary>Within which distance a share of the residents reaches a facility, for any grouping of the places: they are put in order of their distance once.</summary>
/// <remarks>
/// Residents that reach none are left out. The quantile is the least distance within which at least the share of the others lives (the inverse of the
/// distribution function, type 1 of Hyndman and Fan 1996): a distance that somebody walks. A coverage as it was when this was made; later changes are
/// not followed. Cost: a sort of the inhabited places, then one pass for each grouping. Immutable, thread-safe; 8 bytes an inhabited place.
/// </remarks>
public sealed class WalkQuantiles
{
    // Distance above, place below: sorted as one number.
    private readonly long[] order;
    private readonly int[] residents;
    private readonly int places;

    /// <param name="coverage">Of the same places.</param>
    /// <param name="people">Who lives in each place.</param>
    /// <exception cref="ArgumentException">Lists of different lengths.</exception>
    public WalkQuantiles(ServiceCoverage coverage, People people)
    {
        var millimetres = coverage.Millimetres;
        if (people.Count != millimetres.Length) throw new ArgumentException($"{millimetres.Length} places, {people.Count} with people");
        (residents, places) = (people.Residents, people.Count);
        order = new long[places];
        var count = 0;
        for (var place = 0; place < places; place++)
        {
            if (millimetres[place] != RoadNetwork.NoWay && residents[place] > 0) order[count++] = ((long)millimetres[place] << 32) | (uint)place;
        }

        Array.Resize(ref order, count);
        Array.Sort(order);
    }

    /// <param name="groups">The group of each place, from 0; places of a negative group are left out.</param>
    /// <param name="groupCount">One more than the highest group.</param>
    /// <param name="share">Above 0, at most 1, such as 0.95.</param>
    /// <returns>Millimetres for each group; null where nobody reaches a facility.</returns>
    /// <exception cref="ArgumentException">A list of another length, or a group too high.</exception>
    public int?[] ByGroup(ReadOnlySpan<int> groups, int groupCount, double share)
    {
        Guard.InRange(share, double.Epsilon, 1);
        if (groups.Length != places) throw new ArgumentException($"{places} places, {groups.Length} with a group", nameof(groups));
        var wanted = new long[groupCount];
        foreach (var entry in order)
        {
            var group = groups[(int)(uint)entry];
            if (group >= groupCount) throw new ArgumentException($"place {(uint)entry} is in group {group} of {groupCount}", nameof(groups));
            if (group >= 0) wanted[group] += residents[(int)(uint)entry];
        }

        var found = new int?[groupCount];
        for (var group = 0; group < groupCount; group++) wanted[group] = (long)Math.Ceiling(share * wanted[group]);
        foreach (var entry in order)
        {
            var (group, place) = (groups[(int)(uint)entry], (int)(uint)entry);
            if (group < 0 || found[group] is not null) continue;
            wanted[group] -= residents[place];
            if (wanted[group] <= 0) found[group] = (int)(entry >> 32);
        }

        return found;
    }
}
