using GridMap.Server.Layers;
using static GridMap.Server.OgcApi.OgcHtml;

namespace GridMap.Server.OgcApi;

/// <summary>What Chinese pages call the values of properties that have few. In English, and in filters, they go by their own names.</summary>
internal static class ValueWords
{
    /// <summary>A value of a feature as HTML: what filters call it stays to be seen.</summary>
    public static string Html(PageLanguage language, LayerColumn column, string value) =>
        language.IsChinese && Chinese(column.Name, value) is { } chinese ? $"<span title=\"{Text(value)}\">{chinese}</span>" : Text(value);

    /// <summary>Null where it has no name of its own.</summary>
    public static string? Chinese(string property, string value) => value switch
    {
        "true" => "是",
        "false" => "否",
        _ => Known.GetValueOrDefault($"{property}.{value}"),
    };

    private static readonly Dictionary<string, string> Known = new()
    {
        ["level.city"] = "市", ["level.district"] = "区县", ["level.street"] = "街道", ["level.community"] = "社区",
        ["use.residential"] = "住宅", ["use.commercial"] = "商业", ["use.office"] = "办公", ["use.industrial"] = "工业", ["use.education"] = "教育", ["use.medical"] = "医疗", ["use.public"] = "公共",
        ["use.mixed"] = "综合", ["use.other"] = "其他",
        ["kind.base"] = "基础网格", ["kind.special"] = "专属网格", ["kind.micro"] = "微网格",
        ["kind.water"] = "水系", ["kind.green"] = "绿地", ["kind.square"] = "广场", ["kind.rail"] = "铁路", ["kind.other"] = "其他",
        ["source.grid-worker"] = "网格员", ["source.hotline"] = "热线", ["source.public"] = "群众", ["source.camera"] = "视频", ["source.department"] = "部门", ["source.import"] = "导入",
        ["status.reported"] = "已上报", ["status.accepted"] = "已受理", ["status.assigned"] = "已派遣", ["status.in-progress"] = "处置中", ["status.solved"] = "已处置", ["status.closed"] = "已结案",
        ["status.rejected"] = "已退回",
        ["severity.low"] = "较低", ["severity.normal"] = "一般", ["severity.high"] = "较急", ["severity.urgent"] = "紧急",
        ["class.expressway"] = "快速路", ["class.ring"] = "环路", ["class.arterial"] = "主干路", ["class.collector"] = "次干路", ["class.lane"] = "支路", ["class.footpath"] = "步行道",
        ["class.crossing"] = "过街通道", ["class.steps"] = "台阶", ["class.cycleway"] = "自行车道", ["class.other"] = "其他",
        ["walkDirection.both"] = "双向", ["walkDirection.forward"] = "正向", ["walkDirection.backward"] = "反向",
    };
}
