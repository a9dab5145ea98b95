using GridMap.Geo.Coverage;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Microsoft.OpenApi;

namespace GridMap.Server.Walking;

/// <summary>Which facilities a question is about: a kind, and of it those of a tier, that do a thing, or that are open at a moment of the week.</summary>
/// <param name="Types">Codes, children included.</param>
/// <param name="Items">Codes of service items, children included: one of them is enough; null for all facilities.</param>
/// <param name="OpenMinute">Minute of the week; null when nobody asked.</param>
public sealed record FacilityChoice(string FacilityType, IReadOnlySet<string> Types, string? Tier, string? ServiceItem, IReadOnlySet<string>? Items, string? OpenAt, int? OpenMinute)
{
    private const string Moment = "a weekday of Mo Tu We Th Fr Sa Su and a time, such as Sa 20:00", MomentZh = "星期（Mo Tu We Th Fr Sa Su 之一）与时刻，如 Sa 20:00";

    public static readonly Parameter<string?> FacilityTypeParameter = Parameters.TextOf("facilityType", 60, ("A facility type; a parent code includes its children.", "设施类型代码，上级代码含其下级。")).Required();
    public static readonly Parameter<string?> TierParameter = Parameters.TextOf("tier", 60, ("Only facilities of this tier: one level's do not stand in for another's.", "仅计这一层级的设施：不同层级不能相互替代。"));
    public static readonly Parameter<string?> ServiceItemParameter = Parameters.TextOf("serviceItem", 60, ("Only facilities that do this: a code of the catalogue service-items; a parent code includes its children.", "仅计提供此项服务的设施：目录 service-items 中的代码，上级代码含其下级。"));

    public static readonly Parameter<string?> OpenAtParameter = new("openAt", ($"Only facilities that are open then, in the city's time: {Moment}. Those whose hours are unknown are not counted, and the answer says how many.", $"仅计届时开放的设施，以城市当地时间计：{MomentZh}。开放时间不明者不计，其个数见结果。"),
        new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 10 },
        text => OpeningHours.ReadMoment(text) is null ? Reading<string?>.Wrong("open-at.unreadable", Moment) : text);

    /// <summary>For <c>.Takes(…)</c>.</summary>
    public static Parameter[] All => [FacilityTypeParameter, TierParameter, ServiceItemParameter, OpenAtParameter];

    /// <summary>The same choice has the same key.</summary>
    public string Key => $"{string.Join(',', Types.Order())}|{Tier}|{(Items is null ? "" : string.Join(',', Items.Order()))}|{OpenMinute}";

    /// <exception cref="Refused">A code is in no catalogue.</exception>
    public static Task<FacilityChoice> Of(Question ask, Database database, CancellationToken cancellation) =>
        Of(ask.Get(FacilityTypeParameter)!, ask.Get(TierParameter), ask.Get(ServiceItemParameter), ask.Get(OpenAtParameter), database, cancellation);

    /// <param name="openAt">Null, or a moment that can be read.</param>
    /// <exception cref="Refused">A code is in no catalogue, or the moment is none.</exception>
    public static async Task<FacilityChoice> Of(string type, string? tier, string? serviceItem, string? openAt, Database database, CancellationToken cancellation)
    {
        var types = (await IncidentFilter.Below("facility-types", "facilityType", [type], database, cancellation))!;
        var items = serviceItem is null ? null : await IncidentFilter.Below("service-items", "serviceItem", [serviceItem], database, cancellation);
        int? minute = openAt is null ? null : OpeningHours.ReadMoment(openAt) ?? throw Refused.Field("openAt", "open-at.unreadable", Moment);
        return new FacilityChoice(type, types.ToHashSet(), tier, serviceItem, items?.ToHashSet(), openAt, minute);
    }

    /// <summary>The facilities that it is about.</summary>
    public List<WalkingFacility> From(WalkingCity city) => [.. city.Facilities.Where(facility => IsOfKind(facility) && IsOpen(facility) != false && !IsUnknown(facility))];

    /// <summary>Of the kind, how many are closed then, and of how many nobody can say.</summary>
    public (int Closed, int Unknown) Left(WalkingCity city) => OpenMinute is null ? (0, 0)
        : (city.Facilities.Count(facility => IsOfKind(facility) && IsOpen(facility) == false), city.Facilities.Count(facility => IsOfKind(facility) && IsUnknown(facility)));

    /// <summary>Whether a facility of these types is among them, and if not, why.</summary>
    /// <returns>counted, off-network (counted, but no road is near to it), other-tier, other-service, closed or hours-unknown.</returns>
    public string Standing(WalkingFacility facility) =>
        Tier is not null && facility.Tier != Tier ? "other-tier"
        : Items is not null && !facility.ServiceItems.Any(Items.Contains) ? "other-service"
        : IsUnknown(facility) ? "hours-unknown"
        : IsOpen(facility) == false ? "closed"
        : facility.At.IsOnNetwork ? "counted" : "off-network";

    /// <summary>Why no facility serves anybody: what keeps those out that came nearest to counting.</summary>
    /// <returns>none (there is none of these types), other-tier, other-service, hours-unknown, closed or off-network; null where one counts.</returns>
    public string? WhyNone(WalkingCity city)
    {
        var standings = city.Facilities.Where(facility => Types.Contains(facility.Type)).Select(Standing).ToHashSet();
        return standings.Contains("counted") ? null : NearestToCounting.FirstOrDefault(standings.Contains) ?? "none";
    }

    private static readonly string[] NearestToCounting = ["off-network", "closed", "hours-unknown", "other-service", "other-tier"];

    public bool IsOfKind(WalkingFacility facility) =>
        Types.Contains(facility.Type) && (Tier is null || facility.Tier == Tier) && (Items is null || facility.ServiceItems.Any(Items.Contains));

    private bool? IsOpen(WalkingFacility facility) => OpenMinute is { } minute ? facility.Hours?.IsOpen(minute) : true;

    private bool IsUnknown(WalkingFacility facility) => OpenMinute is not null && facility.Hours is null;
}
