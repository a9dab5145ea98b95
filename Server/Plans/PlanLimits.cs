using System.Text.Json;
using GridMap.Geo.Grids;
using GridMap.Server.Http;

namespace GridMap.Server.Plans;

/// <summary>From when something is too little and from when too much; null where nothing is.</summary>
public sealed record PlanRange(double? Least = null, double? Most = null);

/// <summary>What a grid may have besides households (a plan's least and most): outside of it its mesh is too small or too large (网眼过小, 网眼过大).</summary>
/// <param name="AreaSquareMetres">Land.</param>
/// <param name="Load">Incidents of the last twelve months.</param>
/// <param name="MinutesAcross">Walking between its two places farthest apart, as the crow flies; at most 15 when absent.</param>
public sealed record PlanLimits(
    PlanRange? Residents = null, PlanRange? AreaSquareMetres = null, PlanRange? Buildings = null, PlanRange? Load = null, PlanRange? MinutesAcross = null)
{
    private const double Highest = 1e12;

    private IEnumerable<(string Name, PlanRange? Range)> Named =>
        [("residents", Residents), ("areaSquareMetres", AreaSquareMetres), ("buildings", Buildings), ("load", Load), ("minutesAcross", MinutesAcross)];

    public void Check(List<FieldError> errors)
    {
        foreach (var (name, range) in Named)
        {
            if (range?.Least is { } least && !(least >= 0 && least <= Highest)) errors.Add(new FieldError($"limits.{name}.least", "number.out-of-range", $"a number from 0 to {Highest:0}"));
            if (range?.Most is { } most && !(most > (range.Least ?? 0) && most <= Highest)) errors.Add(new FieldError($"limits.{name}.most", "number.out-of-range", $"a number above least, at most {Highest:0}"));
        }
    }

    internal string Text() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    internal static PlanLimits Read(string text) => JsonSerializer.Deserialize<PlanLimits>(text, JsonSerializerOptions.Web)!;

    internal static MeshLimits Of(Plan plan)
    {
        var usual = MeshLimits.Usual.Most!.Value;
        return new(new(plan.Least, Least(plan.Limits.Residents), Least(plan.Limits.AreaSquareMetres), Least(plan.Limits.Buildings), Least(plan.Limits.Load), Least(plan.Limits.MinutesAcross)),
            new(plan.Most, Most(plan.Limits.Residents), Most(plan.Limits.AreaSquareMetres), Most(plan.Limits.Buildings), Most(plan.Limits.Load), plan.Limits.MinutesAcross?.Most ?? usual.MinutesAcross));

        static double Least(PlanRange? range) => range?.Least ?? 0;

        static double Most(PlanRange? range) => range?.Most ?? double.PositiveInfinity;
    }
}
