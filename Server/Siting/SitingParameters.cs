using System.Globalization;
using GridMap.Server.Http;
using Microsoft.OpenApi;

namespace GridMap.Server.Siting;

/// <summary>What a question about sites says of places, money, room, ages and today's facilities, in one line.</summary>
internal static class SitingParameters
{
    private const string PlaceSpelling = "lon,lat[,cost[,capacity]], an empty part for what is not said", PlaceSpellingZh = "lon,lat[,cost[,capacity]]，不写的部分留空";

    public static readonly ListParameter<SitingPlace> Places = new("place", ($"Where a site may be, {PlaceSpelling}; may be repeated, at most {SitingQuestion.MostPlaces} times. In place of candidates.", $"候选位置，写作 {PlaceSpellingZh}；可重复给出，最多 {SitingQuestion.MostPlaces} 次。代替 candidates。"),
        List(JsonSchemaType.String), SitingQuestion.MostPlaces, ReadPlace)
    { Repeats = true };

    public static readonly Parameter<double?> CostEach = Parameters.Number("costEach", 0.001, 1e9, ("What a site costs whose place does not say.", "未写明费用的候选位置的建设费用。"));
    public static readonly Parameter<double?> Budget = Parameters.Number("budget", 0, 1e12, ("At most so much for all new sites together; needs a cost.", "全部新增设施的费用上限；须给出费用。"));
    public static readonly Parameter<int?> CapacityEach = Parameters.Integer("capacityEach", 1, 10_000_000, ("How many people a new site can take whose place does not say; today's facilities take what their capacity says.", "未写明容量的新增设施可服务的人数；现有设施以其容量为准。"));
    public static readonly Parameter<int?> ExistingCapacity = Parameters.Integer("existingCapacity", 0, 10_000_000, ("What today's facilities take whose capacity is not known.", "容量不明的现有设施可服务的人数。"));

    public static readonly Parameter<SitingAges?> Ages = new("ages", ("How often a person counts by age, older people, children, others: 3,2,1; each 0 to 100. In place of weight.", "按年龄计的权重，依次为老人、儿童、其他人：3,2,1；各为 0 至 100。代替 weight。"),
        new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^\d{1,3},\d{1,3},\d{1,3}$" }, ReadAges);

    public static readonly ListParameter<long> Locked = Ids("locked", ("A facility of today that stays although others may move", "其他设施可迁移时仍须保留的现有设施"));
    public static readonly ListParameter<long> Closing = Ids("closing", ("A facility of today that will not be there", "将要关闭的现有设施"));

    public static readonly Parameter[] All = [Places, CostEach, Budget, CapacityEach, ExistingCapacity, Ages, Locked, Closing];

    /// <summary>Null for an empty list: not asked.</summary>
    public static IReadOnlyList<T>? OrNull<T>(T[] list) => list.Length == 0 ? null : list;

    private static ListParameter<long> Ids(string name, Words what) => new(name,
        new($"{what.English}, by its id; may be repeated, at most {SitingQuestion.MostIds} times.", $"{what.Chinese}，以编号给出；可重复给出，最多 {SitingQuestion.MostIds} 次。"), List(JsonSchemaType.Integer), SitingQuestion.MostIds,
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : Reading<long>.Wrong("id.unreadable", "the id of a facility"))
    { Repeats = true };

    private static OpenApiSchema List(JsonSchemaType type) => new() { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = type } };

    private static Reading<SitingPlace> ReadPlace(string text)
    {
        var parts = text.Split(',');
        if (parts.Length is < 2 or > 4 || !Number(parts[0], out var lon) || !Number(parts[1], out var lat)) return Wrong();
        double? cost = null;
        long? capacity = null;
        if (parts.Length > 2 && parts[2].Length > 0)
        {
            if (!Number(parts[2], out var money)) return Wrong();
            cost = money;
        }
        if (parts.Length > 3 && parts[3].Length > 0)
        {
            if (!long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var room)) return Wrong();
            capacity = room;
        }
        return new SitingPlace(lon, lat, null, cost, capacity);

        static Reading<SitingPlace> Wrong() => Reading<SitingPlace>.Wrong("place.unreadable", $"{PlaceSpelling}, such as 119.948,31.78,250000,400");

        static bool Number(string text, out double number) =>
            double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
    }

    private static Reading<SitingAges?> ReadAges(string text)
    {
        var parts = text.Split(',');
        var ages = new int[3];
        if (parts.Length != 3) return Wrong();
        for (var i = 0; i < 3; i++)
        {
            if (!int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out ages[i]) || ages[i] > 100) return Wrong();
        }
        return new SitingAges(ages[0], ages[1], ages[2]);

        static Reading<SitingAges?> Wrong() => Reading<SitingAges?>.Wrong("ages.unreadable", "three whole numbers from 0 to 100: older people, children, others");
    }
}
