using System.Runtime.InteropServices;

namespace GridMap.Geo.Coverage;

/// <summary>Who lives in places, column by column.</summary>
/// <param name="Households">One number for each place.</param>
/// <param name="Residents">One number for each place.</param>
/// <param name="Elderly">Of the residents.</param>
/// <param name="Children">Of the residents.</param>
public sealed record People(int[] Households, int[] Residents, int[] Elderly, int[] Children)
{
    public int Count => Residents.Length;
}

/// <summary>How many of everything.</summary>
public record struct Headcount(long Buildings, long Households, long Residents, long Elderly, long Children)
{
    public static Headcount operator +(Headcount a, Headcount b) =>
        new(a.Buildings + b.Buildings, a.Households + b.Households, a.Residents + b.Residents, a.Elderly + b.Elderly, a.Children + b.Children);

    public static Headcount operator -(Headcount a, Headcount b) =>
        new(a.Buildings - b.Buildings, a.Households - b.Households, a.Residents - b.Residents, a.Elderly - b.Elderly, a.Children - b.Children);

    /// <summary>One more place, with all who live there.</summary>
    public void Add(People people, int place)
    {
        Buildings++;
        Households += people.Households[place];
        Residents += people.Residents[place];
        Elderly += people.Elderly[place];
        Children += people.Children[place];
    }
}

/// <summary>The coverage of one group of places. All = covered + uncovered + off the network.</summary>
public record struct GroupFigures
{
    private Headcount all;
    private Headcount covered;
    private Headcount coveredTwice;
    private Headcount coveredOften;
    private Headcount offNetwork;

    /// <summary>Everybody.</summary>
    public readonly Headcount All => all;

    /// <summary>With a facility within the limit.</summary>
    public readonly Headcount Covered => covered;

    /// <summary>With two or more within the limit.</summary>
    public readonly Headcount CoveredTwice => coveredTwice;

    /// <summary>With <c>backup</c> or more within the limit.</summary>
    public readonly Headcount CoveredOften => coveredOften;

    /// <summary>Too far from any edge to say.</summary>
    public readonly Headcount OffNetwork => offNetwork;

    /// <summary>Residents that can reach a facility at all, at whatever distance.</summary>
    public long Reaching { readonly get; private set; }

    /// <summary>Sum over them of the millimetres to the nearest.</summary>
    public long ResidentMillimetres { readonly get; private set; }

    /// <summary>On the network, without a facility within the limit.</summary>
    public readonly Headcount Uncovered => all - covered - offNetwork;

    /// <summary>Mean walk of a resident to the nearest facility in metres; null where none reaches one.</summary>
    public readonly double? MeanMetres => Reaching == 0 ? null : ResidentMillimetres / 1000.0 / Reaching;

    public static GroupFigures operator +(GroupFigures a, GroupFigures b) => new()
    {
        all = a.all + b.all,
        covered = a.covered + b.covered,
        coveredTwice = a.coveredTwice + b.coveredTwice,
        coveredOften = a.coveredOften + b.coveredOften,
        offNetwork = a.offNetwork + b.offNetwork,
        Reaching = a.Reaching + b.Reaching,
        ResidentMillimetres = a.ResidentMillimetres + b.ResidentMillimetres,
    };

    public static GroupFigures operator -(GroupFigures a, GroupFigures b) => new()
    {
        all = a.all - b.all,
        covered = a.covered - b.covered,
        coveredTwice = a.coveredTwice - b.coveredTwice,
        coveredOften = a.coveredOften - b.coveredOften,
        offNetwork = a.offNetwork - b.offNetwork,
        Reaching = a.Reaching - b.Reaching,
        ResidentMillimetres = a.ResidentMillimetres - b.ResidentMillimetres,
    };

    internal void Add(People people, int place, bool isOnNetwork, int within, int backup, int millimetres)
    {
        all.Add(people, place);
        if (within > 0) covered.Add(people, place);
        if (within > 1) coveredTwice.Add(people, place);
        if (within >= backup) coveredOften.Add(people, place);
        if (!isOnNetwork) offNetwork.Add(people, place);
        if (millimetres == Roads.RoadNetwork.NoWay) return;
        Reaching += people.Residents[place];
        ResidentMillimetres += (long)people.Residents[place] * millimetres;
    }
}

/// <summary>Adds a coverage up.</summary>
/// <remarks>Every place goes into exactly one group, so groups add up to their whole. Thread-safe; one pass over the places.</remarks>
public static class CoverageFigures
{
    /// <param name="coverage">Of the same places.</param>
    /// <param name="people">Who lives in each place.</param>
    /// <param name="groups">The group of each place, from 0; places of a negative group are left out.</param>
    /// <param name="groupCount">One more than the highest group.</param>
    /// <param name="backup">How many facilities count as often; at least 1.</param>
    /// <exception cref="ArgumentException">Lists of different lengths, or a group too high.</exception>
    public static GroupFigures[] ByGroup(ServiceCoverage coverage, People people, ReadOnlySpan<int> groups, int groupCount, int backup = 3)
    {
        Guard.InRange(backup, 1, int.MaxValue);
        var millimetres = coverage.Millimetres;
        var within = coverage.Within;
        Check(coverage, people, groups);
        var sums = new GroupFigures[groupCount];
        for (var place = 0; place < millimetres.Length; place++)
        {
            var group = groups[place];
            if (group < 0) continue;
            if (group >= groupCount) throw new ArgumentException($"place {place} is in group {group} of {groupCount}", nameof(groups));
            sums[group].Add(people, place, coverage.Demand.IsOnNetwork(place), within[place], backup, millimetres[place]);
        }

        return sums;
    }

    /// <summary>By how much the groups differ from what they were at <see cref="ServiceCoverage.Mark"/>: only those with an altered place.</summary>
    /// <exception cref="ArgumentException">Lists of different lengths.</exception>
    /// <remarks>Cost: the altered places.</remarks>
    public static Dictionary<int, GroupFigures> Differences(ServiceCoverage coverage, People people, ReadOnlySpan<int> groups, int backup = 3)
    {
        Guard.InRange(backup, 1, int.MaxValue);
        Check(coverage, people, groups);
        var (before, now) = (new Dictionary<int, GroupFigures>(), new Dictionary<int, GroupFigures>());
        foreach (var was in coverage.Altered)
        {
            if (groups[was.Place] < 0) continue;
            var isOnNetwork = coverage.Demand.IsOnNetwork(was.Place);
            CollectionsMarshal.GetValueRefOrAddDefault(before, groups[was.Place], out _).Add(people, was.Place, isOnNetwork, was.Within, backup, was.Millimetres);
            CollectionsMarshal.GetValueRefOrAddDefault(now, groups[was.Place], out _).Add(people, was.Place, isOnNetwork, coverage.Within[was.Place], backup, coverage.Millimetres[was.Place]);
        }

        return now.ToDictionary(group => group.Key, group => group.Value - before[group.Key]);
    }

    private static void Check(ServiceCoverage coverage, People people, ReadOnlySpan<int> groups)
    {
        if (people.Count != coverage.Millimetres.Length || groups.Length != people.Count)
            throw new ArgumentException($"{coverage.Millimetres.Length} places, {people.Count} with people, {groups.Length} with a group");
    }
}
