using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Walking;

namespace GridMap.Server.Coverage;

/// <summary>What every question about coverage on foot names: facilities, how far, at which pace, and where.</summary>
/// <param name="Limit">Millimetres.</param>
/// <param name="Minutes">Null where metres were asked for.</param>
/// <param name="AreaId">The area asked for; null for everywhere.</param>
/// <param name="Areas">It and those below it.</param>
/// <param name="Demand">Whose people walk: buildings or cells.</param>
internal sealed record WalkAsked(FacilityChoice Choice, int Limit, double? Minutes, Pace Pace, long? AreaId, IReadOnlySet<long>? Areas, string Demand = WalkAsked.Buildings)
{
    public const string Buildings = "buildings", Cells = "cells";

    public const int UsualTimes = 3;

    private static readonly Parameter<double?> MinutesParameter = Http.Parameters.Number("minutes", 0.1, 1000, ($"Minutes of walking; 5 when neither this nor radiusMetres is given. {Pace.Longest}", $"步行分钟数；与 radiusMetres 均未给出时为 5。{Pace.LongestZh}"));
    private static readonly Parameter<double?> MetresParameter = Http.Parameters.Number("radiusMetres", 1, Reach.MostMetres, ("Metres of walking, in place of minutes.", "步行米数，代替 minutes。"));

    private static readonly Parameter<string?> DemandParameter = Http.Parameters.Choice("demand", [Buildings, Cells],
        ("Whose people walk: those of the buildings (when absent), or those of the population cells, each from the middle of its cell. What the answer calls buildings are the cells then.", "由谁步行：建筑中的居民（缺省），或人口格网中的居民（从格网单元中心出发，此时结果中的建筑即格网单元）。"));

    /// <summary>For <c>.Takes(…)</c>, but for the area.</summary>
    public static Parameter[] Parameters => [.. FacilityChoice.All, MinutesParameter, MetresParameter, Pace.ProfileParameter, Pace.MetresPerMinuteParameter, DemandParameter];

    public static async Task<WalkAsked> Of(Question ask, Database database, WalkingCities cities, CancellationToken cancellation) => await Of(
        await FacilityChoice.Of(ask, database, cancellation), ask.Get(MinutesParameter), ask.Get(MetresParameter), await Pace.Of(ask, cities, cancellation), ask.Get(Http.Parameters.AreaId), database, cancellation)
        with
    { Demand = ask.Get(DemandParameter) ?? Buildings };

    /// <summary>Before walks from many places are made.</summary>
    public WalkEffort Effort(HttpContext http) => WalkEffort.Of(http, Minutes is null ? MetresParameter.Name : MinutesParameter.Name);

    /// <summary>The city with those who walk.</summary>
    /// <exception cref="Refused">Cells are asked for, and there are none.</exception>
    public async Task<WalkingCity> City(WalkingCities cities, CancellationToken cancellation)
    {
        var city = await cities.Now(cancellation);
        if (Demand == Buildings) return city;
        return city.Cells is { Buildings.Count: > 0 } cells ? cells : throw new Refused("coverage.no-cells", "There are no population cells here: import them first, or ask for the people of buildings.");
    }

    public static async Task<WalkAsked> Of(WhatIf question, Database database, WalkingCities cities, CancellationToken cancellation) => await Of(
        await FacilityChoice.Of(question.FacilityType, question.Tier, question.ServiceItem, question.OpenAt, database, cancellation), question.Minutes, question.RadiusMetres,
        await Pace.Of(question.Profile, question.MetresPerMinute, cities, cancellation), question.AreaId, database, cancellation);

    /// <exception cref="Refused">Both ways of saying how far, or an area that is not there.</exception>
    public static async Task<WalkAsked> Of(FacilityChoice choice, double? minutes, double? metres, Pace pace, long? areaId, Database database, CancellationToken cancellation)
    {
        if (minutes is not null && metres is not null) throw Refused.Field("minutes", "parameter.either", "either minutes or radiusMetres");
        var limit = metres is { } radius ? (int)Math.Round(radius * 1000) : pace.Millimetres("minutes", minutes ?? 5);
        var areas = await IncidentFilter.AreasBelow(areaId, database, cancellation);
        return new WalkAsked(choice, limit, metres is null ? minutes ?? 5 : null, pace, areaId, areas?.ToHashSet());
    }
}
