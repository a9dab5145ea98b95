using GridMap.Server.Http;

namespace GridMap.Server.Walking;

/// <summary>How fast people walk; every answer says it.</summary>
/// <param name="Profile">adult, elder or child; null when metres a minute were asked for.</param>
public sealed record Pace(string? Profile, double MetresPerMinute)
{
    // The city's pace is that of adults; older people and children are slower: conventions of ours, which metresPerMinute overrides.
    private static readonly Dictionary<string, double> Shares = new() { ["adult"] = 1, ["elder"] = 0.8, ["child"] = 0.75 };

    /// <summary>What bounds minutes beside their own least and most.</summary>
    public static readonly string Longest = FormattableString.Invariant($"With the pace they make a walk of 1 to {Reach.MostMetres:0} m."),
        LongestZh = FormattableString.Invariant($"按步速折合步行 1 至 {Reach.MostMetres:0} m。");

    public static readonly Parameter<string?> ProfileParameter = Parameters.Choice("profile", ["adult", "elder", "child"],
        ("Who walks: adult at the city's pace (when absent), elder at 0.8, child at 0.75 of it.", "步行者：adult 成人，按城市步速（缺省）；elder 老人，为其 0.8；child 儿童，为其 0.75。"));

    public static readonly Parameter<double?> MetresPerMinuteParameter = Parameters.Number("metresPerMinute", 10, 300, ("The pace itself, in place of a profile.", "步速，单位为米/分钟，代替 profile。"));

    /// <exception cref="Refused">Both are given.</exception>
    public static Task<Pace> Of(Question ask, WalkingCities cities, CancellationToken cancellation) =>
        Of(ask.Get(ProfileParameter), ask.Get(MetresPerMinuteParameter), cities, cancellation);

    public static async Task<Pace> Of(string? profile, double? metresPerMinute, WalkingCities cities, CancellationToken cancellation)
    {
        if (metresPerMinute is { } asked) return profile is null ? new Pace(null, asked) : throw Refused.Field("metresPerMinute", "parameter.either", "either profile or metresPerMinute");
        var city = await cities.MetresPerMinute(cancellation);
        return new Pace(profile ?? "adult", city * Shares[profile ?? "adult"]);
    }

    /// <summary>How long a walk takes, to the hundredth of a minute.</summary>
    public double Minutes(int millimetres) => Math.Round(millimetres / 1000.0 / MetresPerMinute, 2);

    /// <summary>How far a walk of so many minutes goes, in millimetres.</summary>
    /// <exception cref="Refused">Farther than 10 km, or less than a metre.</exception>
    public int Millimetres(string field, double minutes) => minutes * MetresPerMinute is >= 1 and <= Reach.MostMetres and var metres ? (int)Math.Round(metres * 1000)
        : throw Refused.Field(field, "number.out-of-range", $"a walk of 1 to {Reach.MostMetres} m at {MetresPerMinute} m a minute");
}
