using GridMap.Geo.Coverage;
using GridMap.Geo.Roads;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Walking;

namespace GridMap.Server.Coverage;

/// <summary>One change: a facility that stands somewhere else, or not at all.</summary>
/// <param name="Number">Of the facility; −1 for a new one.</param>
/// <param name="To">Where to; null to close it.</param>
internal readonly record struct MadeChange(int Number, EdgePoint? To)
{
    public void Make(ServiceCoverage coverage)
    {
        if (To is not { } place) coverage.Remove(Number);
        else if (Number < 0) coverage.Add(place);
        else coverage.Move(Number, place);
    }
}

/// <summary>A change as it is meant: of facility <paramref name="Number"/> of the kind, −1 for a new one.</summary>
/// <param name="To">Where to, for add and move.</param>
internal sealed record FacilityStep(string Op, int Number, EdgePoint? To, int? Capacity);

/// <summary>A question what would happen, read.</summary>
/// <param name="Datum">Of the places in its changes.</param>
/// <param name="Effort">One for the whole answer.</param>
internal sealed record WhatIfAsked(WhatIf Question, Datum Datum, WalkAsked Asked, WalkEffort Effort)
{
    /// <exception cref="Refused">The question cannot be meant, or there is no network.</exception>
    public static async Task<WhatIfAsked> Of(WhatIf question, HttpContext http, Database database, WalkingCities cities, CancellationToken cancellation)
    {
        var datum = WhatIfReading.Check(question, WalkCoverageEndpoints.MostChanges);
        var asked = await WalkAsked.Of(question, database, cities, cancellation);
        return new WhatIfAsked(question, datum, asked, asked.Effort(http));
    }
}

/// <summary>Reads a question what would happen, and refuses what cannot be meant.</summary>
internal static class WhatIfReading
{
    private static readonly string[] Ops = ["add", "move", "close", "resize"];
    private const int MostCapacity = 1_000_000;

    public static Datum Check(WhatIf question, int mostChanges)
    {
        var errors = new List<FieldError>();
        if (question.FacilityType.Length is 0 or > 60) errors.Add(new("facilityType", "text.length", "1 to 60 characters"));
        if (question.Tier is { Length: 0 or > 60 }) errors.Add(new("tier", "text.length", "1 to 60 characters"));
        if (question.Minutes is not (null or (>= 0.1 and <= 1000))) errors.Add(new("minutes", "number.out-of-range", "a number from 0.1 to 1000"));
        if (question.RadiusMetres is not (null or (>= 1 and <= Reach.MostMetres))) errors.Add(new("radiusMetres", "number.out-of-range", $"a number from 1 to {Reach.MostMetres}"));
        if (question.Profile is not (null or "adult" or "elder" or "child")) errors.Add(new("profile", "choice.unknown", "one of adult, elder, child"));
        if (question.MetresPerMinute is not (null or (>= 10 and <= 300))) errors.Add(new("metresPerMinute", "number.out-of-range", "a number from 10 to 300"));
        if (question.ServiceItem is { Length: 0 or > 60 }) errors.Add(new("serviceItem", "text.length", "1 to 60 characters"));
        if (question.OpenAt is { } moment && OpeningHours.ReadMoment(moment) is null) errors.Add(new("openAt", "open-at.unreadable", "a weekday and a time, such as Sa 20:00"));
        if (question.Weight is not (null or "residents" or "elderly" or "children")) errors.Add(new("weight", "choice.unknown", "one of residents, elderly, children"));
        if (question.Coord is not null && !Datum.Names.Contains(question.Coord)) errors.Add(new("coord", "choice.unknown", $"one of {string.Join(", ", Datum.Names)}"));
        if (question.Changes.Count > mostChanges) errors.Add(new("changes", "list.length", $"at most {mostChanges} changes"));
        for (var i = 0; i < Math.Min(question.Changes.Count, mostChanges); i++) Check(question.Changes[i], $"changes[{i}]", errors);
        return errors.Count == 0 ? Datum.Of(question.Coord) : throw Refused.Fields(errors);
    }

    /// <summary>The changes of who is covered, ready to be made in order; how much a facility offers changes nothing about that.</summary>
    /// <exception cref="Refused">A facility is not one of this kind, is closed twice, or a place is off the network.</exception>
    public static List<MadeChange> Resolve(WhatIf question, KnownCoverage known, Datum datum) =>
        [.. Steps(question, known.Facilities, known.City, datum).Where(step => step.Op != "resize").Select(step => new MadeChange(step.Number, step.To))];

    /// <exception cref="Refused">A facility is not one of this kind, is closed before, or a place is off the network.</exception>
    public static List<FacilityStep> Steps(WhatIf question, IReadOnlyList<WalkingFacility> facilities, WalkingCity city, Datum datum)
    {
        var numbers = facilities.Select((facility, i) => (facility.Id, i)).ToDictionary(pair => pair.Id, pair => pair.i);
        var closed = new HashSet<int>();
        return [.. question.Changes.Select((change, i) =>
        {
            EdgePoint? to = null;
            if (change.Op is "add" or "move")
            {
                var place = datum.ToStored(change.Lon!.Value, change.Lat!.Value);
                to = city.SnapOrRefuse($"changes[{i}].lon", place.Lon, place.Lat);
            }
            if (change.Op == "add") return new FacilityStep("add", -1, to, change.Capacity);
            if (!numbers.TryGetValue(change.Id!.Value, out var number)) throw Refused.Field($"changes[{i}].id", "facility.not-of-this-kind", "the id of a facility of the kind asked for");
            if (closed.Contains(number)) throw Refused.Field($"changes[{i}].id", "facility.closed-before", "a facility that an earlier change has not closed");
            if (change.Op == "close") closed.Add(number);
            return new FacilityStep(change.Op, number, to, change.Capacity);
        })];
    }

    private static void Check(FacilityChange change, string field, List<FieldError> errors)
    {
        if (!Ops.Contains(change.Op)) errors.Add(new($"{field}.op", "choice.unknown", $"one of {string.Join(", ", Ops)}"));
        else if (change.Op == "add" != change.Id is null) errors.Add(new($"{field}.id", change.Id is null ? "field.missing" : "field.not-here", change.Id is null ? "the id of a facility" : "no id for a new facility"));
        else if (change.Op is "close" or "resize" && (change.Lon ?? change.Lat) is not null) errors.Add(new($"{field}.lon", "field.not-here", "no place for a facility that closes or stays where it is"));
        else if (change.Op == "close" && change.Capacity is not null) errors.Add(new($"{field}.capacity", "field.not-here", "no capacity for a facility that closes"));
        else if (change.Op == "resize" && change.Capacity is null) errors.Add(new($"{field}.capacity", "field.missing", "how much the facility offers then"));
        else if (change.Capacity is not (null or (>= 0 and <= MostCapacity))) errors.Add(new($"{field}.capacity", "number.out-of-range", $"a whole number from 0 to {MostCapacity}"));
        else if (change.Op is "add" or "move")
        {
            if (change.Lon is not (>= -180 and <= 180)) errors.Add(new($"{field}.lon", "number.out-of-range", "a longitude in degrees"));
            if (change.Lat is not (>= -90 and <= 90)) errors.Add(new($"{field}.lat", "number.out-of-range", "a latitude in degrees"));
        }
    }
}
