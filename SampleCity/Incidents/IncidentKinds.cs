using GridMap.SampleCity.Names;

namespace GridMap.SampleCity.Incidents;

/// <summary>Where a kind of incident is found.</summary>
internal enum Haunt : byte { Street, Homes, Shops, Works, OldTown }

/// <summary>How a kind of incident follows the year.</summary>
internal enum Season : byte { Even, Summer, Winter, Rain, Spring, Autumn }

/// <summary>How a kind of incident follows the day.</summary>
internal enum DayRhythm : byte { Work, Evening, Night, Morning }

/// <param name="LimitHours">How long the department has.</param>
internal sealed record IncidentKind(string Code, string Title, double Weight, Haunt Haunt, Season Season, DayRhythm Rhythm, int Department, int LimitHours, string Severity = "normal");

internal static class IncidentKinds
{
    public static IReadOnlyList<IncidentKind> All { get; } =
    [
        new("E0102", "暴露垃圾", 118, Haunt.Homes, Season.Summer, DayRhythm.Work, Departments.Sanitation, 4),
        new("E0103", "积存垃圾渣土", 44, Haunt.Works, Season.Spring, DayRhythm.Work, Departments.Sanitation, 24),
        new("E0104", "道路不洁", 92, Haunt.Street, Season.Autumn, DayRhythm.Morning, Departments.Sanitation, 4),
        new("E0107", "废弃车辆", 14, Haunt.Homes, Season.Even, DayRhythm.Work, Departments.TrafficPolice, 120),
        new("E0108", "废弃家具设备", 34, Haunt.Homes, Season.Spring, DayRhythm.Work, Departments.Sanitation, 24),
        new("E0109", "非装饰性树挂", 10, Haunt.Street, Season.Winter, DayRhythm.Work, Departments.Green, 24, "low"),
        new("E0201", "非法小广告", 72, Haunt.OldTown, Season.Even, DayRhythm.Morning, Departments.Urban, 24, "low"),
        new("E0202", "违章张贴悬挂广告牌匾", 26, Haunt.Shops, Season.Even, DayRhythm.Work, Departments.Urban, 72),
        new("E0203", "占道广告牌", 31, Haunt.Shops, Season.Even, DayRhythm.Work, Departments.Urban, 4),
        new("E0204", "街头散发广告", 17, Haunt.Shops, Season.Even, DayRhythm.Evening, Departments.Urban, 4, "low"),
        new("E0301", "施工扰民", 38, Haunt.Works, Season.Summer, DayRhythm.Night, Departments.Housing, 8),
        new("E0302", "工地扬尘", 29, Haunt.Works, Season.Spring, DayRhythm.Work, Departments.Environment, 8),
        new("E0401", "路面塌陷", 7, Haunt.Street, Season.Rain, DayRhythm.Work, Departments.Transport, 4, "urgent"),
        new("E0402", "自来水管破裂", 12, Haunt.Homes, Season.Winter, DayRhythm.Morning, Departments.WaterSupply, 6, "high"),
        new("E0403", "燃气管道破裂", 3, Haunt.Homes, Season.Winter, DayRhythm.Evening, Departments.Gas, 2, "urgent"),
        new("E0404", "下水道堵塞或破损", 40, Haunt.OldTown, Season.Rain, DayRhythm.Work, Departments.Water, 24, "high"),
        new("E0501", "无照经营游商", 82, Haunt.Shops, Season.Summer, DayRhythm.Evening, Departments.Urban, 4),
        new("E0502", "流浪乞讨", 9, Haunt.Shops, Season.Winter, DayRhythm.Work, Departments.Civil, 8),
        new("E0503", "占道废品收购", 15, Haunt.OldTown, Season.Even, DayRhythm.Work, Departments.Urban, 4),
        new("E0504", "店外经营", 76, Haunt.Shops, Season.Summer, DayRhythm.Evening, Departments.Urban, 4),
        new("E0505", "机动车乱停放", 104, Haunt.Street, Season.Even, DayRhythm.Evening, Departments.TrafficPolice, 4),
        new("E0506", "非机动车乱停放", 96, Haunt.Shops, Season.Even, DayRhythm.Work, Departments.Urban, 4),
        new("E0507", "乱堆物堆料", 54, Haunt.Homes, Season.Even, DayRhythm.Work, Departments.Urban, 24),
        new("E0508", "商业噪音", 24, Haunt.Shops, Season.Summer, DayRhythm.Night, Departments.Environment, 8),
        new("E0509", "黑车拉客", 11, Haunt.Shops, Season.Even, DayRhythm.Evening, Departments.Transport, 8),
        new("E0510", "露天烧烤", 22, Haunt.Shops, Season.Summer, DayRhythm.Night, Departments.Urban, 4),
        new("E0512", "非法出版物销售", 3, Haunt.Shops, Season.Even, DayRhythm.Evening, Departments.Broadcasting, 24),
        new("E0599", "其他街面秩序问题", 15, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Urban, 24),
        new("C0101", "上水井盖破损", 9, Haunt.Street, Season.Even, DayRhythm.Work, Departments.WaterSupply, 24, "high"),
        new("C0103", "雨水井盖缺失", 13, Haunt.Street, Season.Rain, DayRhythm.Work, Departments.Water, 24, "high"),
        new("C0104", "雨水箅子堵塞", 21, Haunt.Street, Season.Rain, DayRhythm.Work, Departments.Water, 24),
        new("C0105", "电力井盖松动", 8, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Power, 24),
        new("C0106", "路灯井盖破损", 5, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Urban, 24),
        new("C0107", "通讯井盖异响", 12, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Telecom, 48),
        new("C0108", "电视井盖破损", 4, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Broadcasting, 48),
        new("C0109", "网络井盖松动", 4, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Telecom, 48),
        new("C0111", "燃气井盖破损", 5, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Gas, 12, "high"),
        new("C0113", "消防栓损坏", 8, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Fire, 24, "high"),
        new("C0114", "无主井盖破损", 6, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Urban, 48),
        new("C0115", "通讯交接箱破损", 10, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Telecom, 72),
        new("C0116", "电力设施损坏", 7, Haunt.Street, Season.Summer, DayRhythm.Work, Departments.Power, 12, "high"),
        new("C0117", "立杆倾斜", 6, Haunt.Street, Season.Summer, DayRhythm.Work, Departments.Telecom, 48),
        new("C0118", "路灯不亮", 33, Haunt.Street, Season.Winter, DayRhythm.Evening, Departments.Urban, 24),
        new("C0120", "景观灯不亮", 8, Haunt.Shops, Season.Winter, DayRhythm.Evening, Departments.Urban, 72, "low"),
        new("C0126", "健身设施损坏", 15, Haunt.Homes, Season.Spring, DayRhythm.Work, Departments.Urban, 120),
        new("C0203", "公交站亭破损", 7, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Transport, 72),
        new("C0208", "跨河桥栏杆破损", 3, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Transport, 72),
        new("C0209", "交通标志牌损坏", 14, Haunt.Street, Season.Summer, DayRhythm.Work, Departments.TrafficPolice, 48),
        new("C0211", "交通护栏倒伏", 25, Haunt.Street, Season.Even, DayRhythm.Morning, Departments.TrafficPolice, 24),
        new("C0213", "路名牌破损", 7, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Civil, 120, "low"),
        new("C0301", "公共厕所损坏", 9, Haunt.OldTown, Season.Summer, DayRhythm.Work, Departments.Sanitation, 24),
        new("C0302", "化粪池满溢", 10, Haunt.OldTown, Season.Rain, DayRhythm.Morning, Departments.Sanitation, 12, "high"),
        new("C0305", "垃圾箱破损", 30, Haunt.Homes, Season.Summer, DayRhythm.Work, Departments.Sanitation, 48),
        new("C0306", "灯箱霓虹灯损坏", 6, Haunt.Shops, Season.Even, DayRhythm.Evening, Departments.Urban, 72, "low"),
        new("C0307", "广告牌匾破损", 17, Haunt.Shops, Season.Summer, DayRhythm.Work, Departments.Urban, 48),
        new("C0402", "行道树倒伏枯死", 24, Haunt.Street, Season.Summer, DayRhythm.Work, Departments.Green, 48),
        new("C0403", "护树设施破损", 8, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Green, 120, "low"),
        new("C0405", "绿地缺损", 19, Haunt.Homes, Season.Spring, DayRhythm.Work, Departments.Green, 168, "low"),
        new("C0407", "街头坐椅损坏", 6, Haunt.Street, Season.Even, DayRhythm.Work, Departments.Green, 120, "low"),
        new("C0501", "宣传栏破损", 8, Haunt.Homes, Season.Even, DayRhythm.Work, Departments.Housing, 120, "low"),
    ];

    public static int Index(string code)
    {
        for (var i = 0; i < All.Count; i++)
            if (All[i].Code == code) return i;
        throw new ArgumentException($"No kind of incident has the code {code}.", nameof(code));
    }

    private static readonly double[][] Months =
    [
        //  Jan   Feb   Mar   Apr   May   Jun   Jul   Aug   Sep   Oct   Nov   Dec
        [1.00, 0.92, 1.02, 1.02, 1.02, 1.00, 0.98, 0.98, 1.02, 1.02, 1.02, 1.00],
        [0.42, 0.45, 0.70, 0.95, 1.25, 1.60, 1.85, 1.80, 1.35, 0.90, 0.65, 0.48],
        [2.10, 1.70, 0.95, 0.70, 0.60, 0.55, 0.60, 0.60, 0.65, 0.80, 1.15, 1.80],
        [0.50, 0.60, 0.85, 0.95, 1.15, 2.10, 2.00, 1.35, 1.05, 0.65, 0.50, 0.45],
        [0.70, 0.85, 1.45, 1.60, 1.35, 0.95, 0.80, 0.80, 0.90, 1.00, 0.95, 0.75],
        [0.90, 0.80, 0.85, 0.85, 0.85, 0.80, 0.80, 0.85, 1.05, 1.45, 1.80, 1.20],
    ];

    private static readonly double[][] Hours =
    [
        [1, 1, 1, 1, 1, 3, 12, 30, 62, 98, 100, 74, 40, 46, 72, 96, 92, 60, 36, 26, 18, 11, 6, 3],
        [4, 2, 1, 1, 1, 2, 6, 16, 34, 52, 56, 48, 40, 40, 46, 56, 64, 82, 98, 100, 84, 52, 26, 10],
        [34, 20, 10, 5, 3, 3, 6, 10, 16, 22, 24, 22, 22, 22, 24, 26, 30, 40, 58, 78, 96, 100, 86, 58],
        [1, 1, 1, 2, 4, 14, 52, 92, 100, 84, 66, 46, 26, 30, 46, 52, 44, 30, 18, 12, 8, 5, 3, 2],
    ];

    public static double OfMonth(Season season, int month) => Months[(int)season][month - 1];

    public static ReadOnlySpan<double> OfHours(DayRhythm rhythm) => Hours[(int)rhythm];
}
