using GridMap.Server.Databases;

namespace GridMap.Server.Http;

/// <summary>How far is near: asked in metres, or in minutes of walking at the city's pace.</summary>
public sealed record Reach(double RadiusMetres, double? Minutes, double WalkMetresPerMinute)
{
    public const double MostMetres = 10_000;
    private const double UsualMinutes = 5;

    public static readonly Parameter<double?> MinutesParameter = Parameters.Number("minutes", 0.1, 1_000, ($"Minutes of walking at the city's pace; 5 when neither this nor radiusMetres is given. At that pace they make 1 to {MostMetres:0} m.", $"按城市步速步行的分钟数；与 radiusMetres 均未给出时为 5。按此步速折合 1 至 {MostMetres:0} m。"));
    public static readonly Parameter<double?> RadiusParameter = Parameters.Number("radiusMetres", 1, MostMetres, ("Geodesic metres, in place of minutes.", "服务半径，大地线米数，代替 minutes。"));

    /// <exception cref="Refused">Both are given, or the minutes lead farther than 10 km.</exception>
    public static async Task<Reach> Of(Question ask, Database database, CancellationToken cancellation)
    {
        var pace = await database.QueryOne($"SELECT walk_metres_per_minute FROM city", row => (double?)row.GetDouble(0), cancellation) ?? 60;
        if (ask.Get(RadiusParameter) is { } radius)
        {
            return ask.Has(MinutesParameter) ? throw Refused.Field("minutes", "parameter.either", "either minutes or radiusMetres") : new Reach(radius, null, pace);
        }
        var minutes = ask.Get(MinutesParameter) ?? UsualMinutes;
        return minutes * pace is >= 1 and <= MostMetres and var metres ? new Reach(metres, minutes, pace)
            : throw Refused.Field("minutes", "number.out-of-range", $"a walk of 1 to {MostMetres} m at {pace} m a minute");
    }
}
