namespace GridMap.SampleCity.Names;

/// <summary>The departments of a city, by the general names that every city uses.</summary>
internal static class Departments
{
    public const int Urban = 1, Police = 2, Housing = 3, Transport = 4, Water = 5, Environment = 6, Green = 7, Market = 8, Civil = 9, Emergency = 10,
        Fire = 11, Power = 12, Gas = 13, Telecom = 14, WaterSupply = 15, Sanitation = 16, TrafficPolice = 17, Broadcasting = 18;

    public static IReadOnlyList<Department> All { get; } =
    [
        new(Urban, "CG", "城市管理局", "Urban Management Bureau", null),
        new(Police, "GA", "公安局", "Public Security Bureau", null),
        new(Housing, "ZJ", "住房和城乡建设局", "Housing and Construction Bureau", null),
        new(Transport, "JT", "交通运输局", "Transport Bureau", null),
        new(Water, "SL", "水利局", "Water Bureau", null),
        new(Environment, "HB", "生态环境局", "Ecology and Environment Bureau", null),
        new(Green, "YL", "园林绿化管理中心", "Parks and Greenery Centre", Urban),
        new(Market, "SJ", "市场监督管理局", "Market Regulation Bureau", null),
        new(Civil, "MZ", "民政局", "Civil Affairs Bureau", null),
        new(Emergency, "YJ", "应急管理局", "Emergency Management Bureau", null),
        new(Fire, "XF", "消防救援支队", "Fire and Rescue", Emergency),
        new(Power, "DL", "供电公司", "Power Supply Company", null),
        new(Gas, "RQ", "燃气公司", "Gas Company", null),
        new(Telecom, "TX", "通信管理办公室", "Telecommunications Office", null),
        new(WaterSupply, "GS", "自来水公司", "Water Supply Company", Water),
        new(Sanitation, "HW", "环境卫生管理中心", "Sanitation Centre", Urban),
        new(TrafficPolice, "JJ", "交通警察支队", "Traffic Police", Police),
        new(Broadcasting, "WG", "文化广电和旅游局", "Culture and Tourism Bureau", null),
        new(19, "WJ", "卫生健康委员会", "Health Commission", null),
        new(20, "JY", "教育局", "Education Bureau", null),
        new(21, "RS", "人力资源和社会保障局", "Human Resources and Social Security Bureau", null),
        new(22, "ZR", "自然资源和规划局", "Natural Resources and Planning Bureau", null),
        new(23, "SF", "司法局", "Justice Bureau", null),
        new(24, "TW", "退役军人事务局", "Veterans Affairs Bureau", null),
        new(25, "ZF", "政法综治中心", "Governance Centre", null),
    ];
}
