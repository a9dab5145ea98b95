using System.Text.Json.Serialization;
using GridMap.Server.Http;
using GridMap.Server.Walking;

namespace GridMap.Server.Siting;

/// <summary>A question about sites with all that the short form cannot say: places and what each costs and takes, money, and which of today's facilities stay.</summary>
/// <param name="Sites">How many new sites; needed but for fewest.</param>
/// <param name="Places">Where sites may be, 1 to 2,000; in place of <paramref name="Candidates"/>.</param>
/// <param name="Ages">How much a person counts by age; in place of <paramref name="Weight"/>.</param>
/// <param name="Budget">At most so much for all new sites together; needs a cost.</param>
/// <param name="CostEach">What a site costs whose place does not say.</param>
/// <param name="CapacityEach">How many people a new site can take whose place does not say. Then today's facilities take what their capacity says.</param>
/// <param name="ExistingCapacity">What today's facilities take whose capacity is not known.</param>
/// <param name="Locked">Ids of facilities that stay although others may move.</param>
/// <param name="Closing">Ids of facilities that will not be there.</param>
public sealed record SitingQuestion(
    string FacilityType, int? Sites = null, string? Tier = null, string? ServiceItem = null, string? OpenAt = null, string? Objective = null, double? Minutes = null, double? RadiusMetres = null,
    string? Existing = null, string? Candidates = null, string? CandidateType = null, IReadOnlyList<SitingPlace>? Places = null, string? Weight = null, SitingAges? Ages = null, int? Backup = null,
    double? Budget = null, double? CostEach = null, long? CapacityEach = null, long? ExistingCapacity = null, IReadOnlyList<long>? Locked = null, IReadOnlyList<long>? Closing = null,
    long? AreaId = null, int? Seed = null, int? Rounds = null, double? Seconds = null, string? Profile = null, double? MetresPerMinute = null, string? Coord = null)
{
    public const int MostPlaces = SitingCandidates.Most, MostIds = 2_000;

    public static readonly string[] Objectives = ["cover", "median", "center", "fewest"], ExistingRules = ["keep", "movable", "ignore"], CandidateKinds = ["streets", "compounds", "facilities"],
        WeightNames = ["residents", "elderly", "children", "households", "buildings"];

    [JsonIgnore]
    public string ObjectiveOrUsual => Objective ?? "cover";

    [JsonIgnore]
    public bool HasCapacities => CapacityEach is not null || Places?.Any(place => place?.Capacity is not null) == true;

    [JsonIgnore]
    public bool HasCosts => CostEach is not null || Places?.Any(place => place?.Cost is not null) == true;

    /// <summary>Refuses what cannot be meant; all that is wrong at once.</summary>
    /// <exception cref="Refused">With every field that is wrong.</exception>
    public void Check()
    {
        var errors = new List<FieldError>();
        Text("facilityType", FacilityType, 60);
        Text("tier", Tier, 60);
        Text("serviceItem", ServiceItem, 60);
        Text("candidateType", CandidateType, 60);
        OneOf("objective", Objective, Objectives);
        OneOf("existing", Existing, ExistingRules);
        OneOf("candidates", Candidates, CandidateKinds);
        OneOf("weight", Weight, WeightNames);
        OneOf("profile", Profile, ["adult", "elder", "child"]);
        OneOf("coord", Coord, Datum.Names);
        Range("sites", Sites, 1, 500);
        Range("minutes", Minutes, 0.1, 1000);
        Range("radiusMetres", RadiusMetres, 1, Reach.MostMetres);
        Range("metresPerMinute", MetresPerMinute, 10, 300);
        Range("backup", Backup, 1, 3);
        Range("budget", Budget, 0, 1e12);
        Range("costEach", CostEach, 0.001, 1e9);
        Range("capacityEach", CapacityEach, 1, 10_000_000);
        Range("existingCapacity", ExistingCapacity, 0, 10_000_000);
        Range("seed", Seed, 0, int.MaxValue);
        Range("rounds", Rounds, 0, 5_000);
        Range("seconds", Seconds, 0.1, 60);
        if (Ages is not null)
        {
            Range("ages.elderly", Ages.Elderly, 0, 100);
            Range("ages.children", Ages.Children, 0, 100);
            Range("ages.others", Ages.Others, 0, 100);
            if (Weight is not null) errors.Add(new("ages", "parameter.either", "either ages or weight"));
            if (Ages.Elderly + Ages.Children + Ages.Others == 0) errors.Add(new("ages", "number.out-of-range", "somebody who counts"));
        }
        if (Places is { } places)
        {
            if (places.Count is < 1 or > MostPlaces) errors.Add(new("places", "list.length", $"1 to {MostPlaces} places"));
            if (Candidates is not null) errors.Add(new("places", "parameter.either", "either places or candidates"));
            for (var i = 0; i < Math.Min(places.Count, MostPlaces); i++)
            {
                var place = places[i];
                Range($"places[{i}].lon", place.Lon, -180, 180);
                Range($"places[{i}].lat", place.Lat, -90, 90);
                Range($"places[{i}].cost", place.Cost, 0.001, 1e9);
                Range($"places[{i}].capacity", place.Capacity, 1, 10_000_000);
                if (place.Name is { Length: > 200 }) errors.Add(new($"places[{i}].name", "text.length", "at most 200 characters"));
            }
        }
        Ids("locked", Locked);
        Ids("closing", Closing);
        Contradictions(errors);
        if (errors.Count > 0) throw Refused.Fields([.. errors.Take(50)]);

        void Text(string field, string? value, int most)
        {
            if (value is not null && (value.Length == 0 || value.Length > most)) errors.Add(new(field, "text.length", $"1 to {most} characters"));
        }

        void OneOf(string field, string? value, string[] choices)
        {
            if (value is not null && !choices.Contains(value)) errors.Add(new(field, "choice.unknown", $"one of {string.Join(", ", choices)}"));
        }

        void Range(string field, double? value, double least, double most)
        {
            if (value is { } number && !(number >= least && number <= most)) errors.Add(new(field, "number.out-of-range", $"a number from {least} to {most}"));
        }

        void Ids(string field, IReadOnlyList<long>? ids)
        {
            if (ids is not null && (ids.Count > MostIds || ids.Distinct().Count() != ids.Count)) errors.Add(new(field, "list.length", $"at most {MostIds} ids, each once"));
        }
    }

    // What each field allows, but not together.
    private void Contradictions(List<FieldError> errors)
    {
        var (objective, existing) = (ObjectiveOrUsual, Existing ?? "keep");
        if (Minutes is not null && RadiusMetres is not null) errors.Add(new("minutes", "parameter.either", "either minutes or radiusMetres"));
        if (MetresPerMinute is not null && Profile is not null) errors.Add(new("metresPerMinute", "parameter.either", "either profile or metresPerMinute"));
        if (objective == "fewest" && Sites is not null) errors.Add(new("sites", "parameter.not-here", "no number of sites: the fewest are sought"));
        if (objective != "fewest" && Sites is null && Budget is null) errors.Add(new("sites", "parameter.missing", "how many new sites, or a budget"));
        if ((CandidateType is not null) != (Candidates == "facilities")) errors.Add(new("candidateType", "parameter.either", "candidateType together with candidates=facilities"));
        if (objective == "fewest" && existing == "movable") errors.Add(new("existing", "choice.unknown", "keep or ignore, where the fewest new sites are sought"));
        if (objective == "center" && Backup > 1) errors.Add(new("backup", "number.out-of-range", "1, where the longest walk is made short"));
        if (Locked is { Count: > 0 } && existing == "ignore") errors.Add(new("locked", "siting.contradiction", "no locked facilities where today's are ignored"));
        foreach (var id in Locked?.Intersect(Closing ?? []).Take(5) ?? []) errors.Add(new("closing", "siting.contradiction", $"facility {id} either stays or closes"));
        if (Budget is not null && !HasCosts) errors.Add(new("budget", "siting.contradiction", "a cost: costEach, or the cost of each place"));
        if (Budget is not null && (objective is "center" or "fewest")) errors.Add(new("budget", "parameter.not-here", "a budget with cover or median"));
        if (HasCosts && objective == "center") errors.Add(new("costEach", "parameter.not-here", "costs with cover, median or fewest"));
        if (HasCosts && CostEach is null && Places!.Any(place => place?.Cost is null)) errors.Add(new("places", "siting.contradiction", "a cost for every place, or costEach for those without"));
        if (Budget is not null && existing == "movable") errors.Add(new("existing", "siting.contradiction", "keep or ignore with a budget: moving costs cannot be said"));
        if (!HasCapacities)
        {
            if (ExistingCapacity is not null) errors.Add(new("existingCapacity", "siting.contradiction", "capacities of new sites too: capacityEach, or the capacity of each place"));
            return;
        }
        if (objective != "cover") errors.Add(new("capacityEach", "siting.contradiction", "capacities with the objective cover"));
        if (Backup > 1) errors.Add(new("backup", "siting.contradiction", "1 with capacities"));
        if (CapacityEach is null && Places!.Any(place => place?.Capacity is null)) errors.Add(new("places", "siting.contradiction", "a capacity for every place, or capacityEach for those without"));
    }
}

/// <param name="Cost">Of building there.</param>
/// <param name="Capacity">People that a site there can take.</param>
public sealed record SitingPlace(double Lon, double Lat, string? Name = null, double? Cost = null, long? Capacity = null);

/// <summary>How often a person counts, 0 to 100.</summary>
public sealed record SitingAges(int Elderly = 1, int Children = 1, int Others = 1);
