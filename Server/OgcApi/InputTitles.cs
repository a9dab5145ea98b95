using GridMap.Server.Http;

namespace GridMap.Server.OgcApi;

/// <summary>What the inputs of processes are called: the same name asks the same of every process.</summary>
internal static class InputTitles
{
    public static Words Of(Parameter parameter) => Known.TryGetValue(parameter.Name, out var title) ? title : parameter.Name;

    private static readonly Dictionary<string, Words> Known = new()
    {
        ["lon"] = ("Longitude", "经度"), ["lat"] = ("Latitude", "纬度"), ["place"] = ("Places", "地点"), ["coord"] = ("Datum", "坐标基准"), ["bbox"] = ("Bounding box", "范围框"),
        ["from"] = ("From", "起始"), ["to"] = ("To", "终止"), ["at"] = ("Moment", "时刻"), ["areaId"] = ("Area", "行政区域"), ["net"] = ("Net of grids", "网格体系"),
        ["category"] = ("Incident categories", "事件类别"), ["status"] = ("Incident status", "事件状态"),
        ["minutes"] = ("Minutes of walking", "步行分钟数"), ["radiusMetres"] = ("Reach, m", "服务半径（米）"), ["profile"] = ("Who walks", "步行者"), ["metresPerMinute"] = ("Pace, m a minute", "步速（米/分钟）"),
        ["mostMinutes"] = ("Longest walk, minutes", "最长步行时间（分钟）"), ["count"] = ("How many", "个数"), ["limit"] = ("At most", "个数上限"), ["heading"] = ("Direction of walks", "步行方向"),
        ["combine"] = ("Several places", "多地点合并方式"), ["facilityType"] = ("Facility type", "设施类型"), ["tier"] = ("Tier", "设施层级"), ["serviceItem"] = ("Service item", "服务事项"),
        ["openAt"] = ("Open at", "开放时刻"), ["demand"] = ("Whose people", "需求人口"), ["weight"] = ("Who counts", "人口权重"), ["times"] = ("Often", "多处可达的设施数"),
        ["scenario"] = ("Scenario", "方案"), ["change"] = ("Changes", "设施调整"), ["role"] = ("Duty", "职责"), ["format"] = ("Format", "结果格式"), ["tile"] = ("Tile", "瓦片"), ["by"] = ("By", "汇总层级"),
        ["bandwidthMetres"] = ("Bandwidth, m", "带宽（米）"), ["cellMetres"] = ("Cell size, m", "像元边长（米）"), ["kernel"] = ("Kernel", "核函数"), ["values"] = ("With values", "是否含数值"),
        ["levels"] = ("Bands", "分级数"), ["scaleMax"] = ("Top of the scale", "色阶上限"),
        ["objective"] = ("Objective", "选址目标"), ["sites"] = ("New sites", "新增设施数"), ["existing"] = ("Today's facilities", "现有设施"), ["candidates"] = ("Candidates", "候选位置"),
        ["candidateType"] = ("Candidates' type", "候选设施类型"), ["backup"] = ("Sites within reach", "可达设施数"), ["costEach"] = ("Cost of a site", "单个设施费用"), ["budget"] = ("Budget", "预算"),
        ["capacityEach"] = ("Capacity of a site", "单个设施容量"), ["existingCapacity"] = ("Today's capacity", "现有设施容量"), ["ages"] = ("Weights by age", "年龄权重"),
        ["locked"] = ("Facilities that stay", "须保留的设施"), ["closing"] = ("Facilities that close", "将关闭的设施"), ["seed"] = ("Seed", "随机种子"), ["rounds"] = ("Rounds", "优化轮数"), ["text"] = ("Text", "文本"), ["pause"] = ("Pause, s", "停顿（秒）"), ["seconds"] = ("Seconds of search", "搜索时长（秒）"),
    };
}
