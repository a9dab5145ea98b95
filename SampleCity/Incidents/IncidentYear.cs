using GridMap.SampleCity.Names;
using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Places;
using GridMap.SampleCity.Regions;

namespace GridMap.SampleCity.Incidents;

/// <summary>A year of incidents: first when, where and what of each, in order of time; then, while they are read, what became of them.</summary>
internal sealed class IncidentYear
{
    private readonly record struct Draft(int Minute, byte Second, byte Kind, int Address, Vec At);

    private static readonly int ChangeMinute = (int)(City.BordersChangedAt - City.IncidentsFrom).TotalMinutes;

    private const int MinutesInADay = 24 * 60;
    private readonly List<Draft> drafts;
    private readonly Haunts haunts;
    private readonly FaceFinder finder;
    private readonly Administration administration;
    private readonly ulong seed;
    private readonly int days = (int)(City.IncidentsTo - City.IncidentsFrom).TotalDays;

    public int Count => drafts.Count;
    public List<PlantedHotspot> Planted { get; } = [];

    public IncidentYear(Haunts haunts, FaceFinder finder, Administration administration, IEnumerable<HotspotPlan> plans, int count, ulong seed)
    {
        this.haunts = haunts;
        this.finder = finder;
        this.administration = administration;
        this.seed = seed;
        drafts = new(count);
        var random = new Pcg(seed, 501);
        foreach (var plan in plans) Plant(plan, Math.Max(12, (int)(count * plan.Share)), random);
        Scatter(count - drafts.Count, random);
        var order = new int[drafts.Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        var unsorted = drafts.ToArray();
        Array.Sort(order, (a, b) =>
        {
            var byTime = (unsorted[a].Minute, unsorted[a].Second).CompareTo((unsorted[b].Minute, unsorted[b].Second));
            return byTime != 0 ? byTime : a.CompareTo(b);
        });
        for (var i = 0; i < order.Length; i++) drafts[i] = unsorted[order[i]];
    }

    private void Scatter(int count, Pcg random)
    {
        var kinds = IncidentKinds.All;
        var weights = new double[kinds.Count];
        var daysOfKind = new double[kinds.Count][];
        var rain = Weather(random, 0.16, 0.34);
        var frost = Weather(random, 0.12, 0.12);
        for (var k = 0; k < kinds.Count; k++)
        {
            weights[k] = kinds[k].Weight;
            daysOfKind[k] = Days(kinds[k], rain, frost);
        }
        for (var i = 0; i < count; i++)
        {
            var k = random.Weighted(weights);
            var sums = daysOfKind[k];
            var found = Array.BinarySearch(sums, random.Unit() * sums[^1]);
            var day = Math.Min(found < 0 ? ~found : found, days - 1);
            var (at, address) = haunts.Draw(kinds[k].Haunt, random);
            drafts.Add(new(day * MinutesInADay + Minute(kinds[k].Rhythm, random), (byte)random.Below(60), (byte)k, address, at));
        }
    }

    private static int Minute(DayRhythm rhythm, Pcg random) => random.Weighted(IncidentKinds.OfHours(rhythm)) * 60 + random.Below(60);

    /// <summary>For every day of the year whether it rains (more often in early summer), or freezes.</summary>
    private bool[] Weather(Pcg random, double usual, double wet)
    {
        var weather = new bool[days];
        for (var day = 0; day < days; day++)
        {
            var month = City.IncidentsFrom.AddDays(day).Month;
            weather[day] = random.Chance(month is 6 or 7 ? wet : usual);
        }
        return weather;
    }

    private double[] Days(IncidentKind kind, bool[] rain, bool[] frost)
    {
        var sums = new double[days];
        var sum = 0.0;
        for (var day = 0; day < days; day++)
        {
            var date = City.IncidentsFrom.AddDays(day);
            var weight = IncidentKinds.OfMonth(kind.Season, date.Month);
            weight *= date.DayOfWeek switch
            {
                DayOfWeek.Monday => 1.10,
                DayOfWeek.Saturday => kind.Rhythm is DayRhythm.Evening or DayRhythm.Night ? 1.12 : 0.82,
                DayOfWeek.Sunday => kind.Rhythm is DayRhythm.Evening or DayRhythm.Night ? 1.05 : 0.74,
                _ => 1.02,
            };
            if (IsHoliday(date)) weight *= 0.55;
            if (kind.Season == Season.Rain && rain[day]) weight *= 3.2;
            if (kind.Season == Season.Winter && kind.Rhythm == DayRhythm.Morning && frost[day] && date.Month is 12 or 1 or 2) weight *= 4;
            sums[day] = sum += weight;
        }
        return sums;
    }

    // The long holidays: spring festival (17 February 2026) and the national day.
    private static bool IsHoliday(DateTimeOffset date) => (date.Month == 2 && date.Day is >= 16 and <= 22) || (date.Month == 10 && date.Day <= 7);

    private void Plant(HotspotPlan plan, int count, Pcg random)
    {
        var kind = (byte)IncidentKinds.Index(plan.Category);
        var start = (int)(plan.From - City.IncidentsFrom).TotalDays;
        var length = (int)(plan.To - plan.From).TotalDays;
        var haunt = IncidentKinds.All[kind].Haunt;
        var address = haunts.NearestAddress(haunt, plan.Centre);
        for (var i = 0; i < count; i++)
        {
            // Growing: the square root makes the density rise in a straight line from nothing.
            var day = start + (int)((plan.Growing ? Math.Sqrt(random.Unit()) : random.Unit()) * length);
            Vec offset;
            do offset = new(random.Bell() * plan.RadiusMetres * 0.45, random.Bell() * plan.RadiusMetres * 0.45);
            while (offset.Length > plan.RadiusMetres);
            drafts.Add(new(day * MinutesInADay + Minute(IncidentKinds.All[kind].Rhythm, random), (byte)random.Below(60), kind, address, plan.Centre + offset));
        }
        Planted.Add(new(plan.Name, CityPlane.Snap(plan.Centre), plan.RadiusMetres, plan.Category, plan.From, plan.To, plan.Growing, count));
    }

    public IEnumerable<Incident> Read()
    {
        for (var i = 0; i < drafts.Count; i++) yield return Complete(i);
    }

    private static readonly string[] Sources = ["grid-worker", "hotline", "public", "camera", "department"];
    private static readonly (string Status, double Share)[] Progress = [("accepted", 0.12), ("assigned", 0.3), ("in-progress", 0.85), ("solved", 9)];

    private Incident Complete(int index)
    {
        var draft = drafts[index];
        var kind = IncidentKinds.All[draft.Kind];
        var random = new Pcg(Pcg.Mix(seed + 91) ^ (ulong)index, 17);
        var reported = City.IncidentsFrom.AddMinutes(draft.Minute).AddSeconds(draft.Second);
        var due = reported.AddHours(kind.LimitHours);
        var late = random.Chance(0.07);
        var hours = kind.LimitHours * (late ? random.Between(1.02, 2.8) : 0.12 + 0.83 * random.Unit() * Math.Sqrt(random.Unit()));
        // What came in last is not all dealt with: some of it waits for parts, permits or an owner.
        var age = (City.IncidentsTo - reported).TotalDays;
        if (age < 14 && random.Chance(0.30 - 0.02 * age)) hours = Math.Max(hours, 24) * random.Between(1, 14);
        var closed = reported.AddSeconds((int)(hours * 3600));
        var rejected = random.Chance(0.015);
        if (rejected) closed = reported.AddSeconds((int)(Math.Min(hours, 20) * 900));
        var isClosed = closed < City.IncidentsTo;
        var status = rejected ? "rejected" : "closed";
        if (!isClosed) status = Status(reported, hours);
        double[] weights = kind.Rhythm == DayRhythm.Night ? [30, 48, 14, 6, 2] : kind.Code[0] == 'C' ? [68, 12, 8, 7, 5] : [55, 22, 10, 9, 4];
        var source = Sources[random.Weighted(weights)];
        var severity = kind.Severity != "normal" ? kind.Severity : random.Chance(0.05) ? "high" : random.Chance(0.06) ? "low" : "normal";
        var address = haunts.AddressOf(draft.Address, draft.At);
        var (place, block) = finder.Settle(draft.At);
        var grid = draft.Minute < ChangeMinute ? administration.FormerGridIdOfBlock[block] : administration.GridIdOfBlock[block];
        var outside = source == "hotline" ? "12345-" + reported.ToString("yyMMdd") + random.Below(1_000_000).ToString("000000") : null;
        return new(index + 1, reported.ToString("yyyyMMdd") + (index + 1).ToString("0000000"), kind.Code, source, status, severity,
            address.Length > 0 ? $"{address}附近{kind.Title}" : kind.Title, Description(kind, source, random), address, outside,
            reported, due, isClosed ? closed : null, kind.Department, grid, administration.CommunityIdOfBlock[block], place,
            reported >= City.IncidentsTo.AddDays(-30) ? Steps(reported, hours, closed, status, kind, random) : []);
    }

    private static string Status(DateTimeOffset reported, double hours)
    {
        var passed = (City.IncidentsTo - reported).TotalHours / hours;
        if (passed < 0.03) return "reported";
        foreach (var (status, share) in Progress)
            if (passed < share) return status;
        return "solved";
    }

    private static string Description(IncidentKind kind, string source, Pcg random)
    {
        string[] seen = source switch
        {
            "hotline" => ["市民来电反映", "居民多次来电反映", "来电人称"],
            "public" => ["市民随手拍上传:", "居民扫码上报:"],
            "camera" => ["视频巡查发现", "智能识别发现"],
            "department" => ["部门转办:", "上级交办:"],
            _ => ["网格员巡查发现", "日常巡查发现", "入户走访时发现"],
        };
        string[] asks = ["请尽快处理。", "影响通行,请处置。", "请核实处理。", "已拍照上传。", ""];
        return random.Pick(seen) + kind.Title + "," + random.Pick(asks);
    }

    private static List<IncidentStep> Steps(DateTimeOffset reported, double hours, DateTimeOffset closed, string status, IncidentKind kind, Pcg random)
    {
        var steps = new List<IncidentStep> { new(reported, "网格员", null, "reported", "") };
        if (status == "rejected")
        {
            steps.Add(new(closed, "指挥中心", "reported", "rejected", random.Chance(0.5) ? "经核实不属实" : "重复上报"));
            return steps;
        }
        var department = Departments.All[kind.Department - 1].Name;
        (string To, string Actor, double Share, string Note)[] path =
        [
            ("accepted", "指挥中心", 0.03, "受理立案"), ("assigned", "指挥中心", 0.12, "派遣至" + department), ("in-progress", department, 0.30, "已到现场"),
            ("solved", department, 0.85, "处置完毕"), ("closed", "网格员", 1, "核查通过,结案"),
        ];
        var before = "reported";
        foreach (var (to, actor, share, note) in path)
        {
            if (before == status) break;
            steps.Add(new(to == "closed" ? closed : reported.AddSeconds((int)(hours * 3600 * share)), actor, before, to, note));
            before = to;
        }
        return steps;
    }
}

/// <param name="Share">How many incidents to add, as a share of the year's.</param>
internal sealed record HotspotPlan(string Name, Vec Centre, double RadiusMetres, string Category, DateTimeOffset From, DateTimeOffset To, bool Growing, double Share);
