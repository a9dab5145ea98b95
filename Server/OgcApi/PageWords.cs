using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>What pages call the members and links of documents.</summary>
internal static class PageWords
{
    public static readonly Words About = ("Grids, buildings, facilities, incidents and roads of a city.", "一座城市的网格、建筑、设施、事件与道路。");

    public static readonly Words ThisDocument = ("This document", "本文档");

    public static Words TitleOf(Layer layer) => new(layer.Title, layer.TitleZh);

    public static Words DescriptionOf(Layer layer) => new(layer.Description, layer.DescriptionZh);

    /// <summary>In the language of the request's page; in both where it is a document.</summary>
    public static string SayOrBoth(this HttpContext http, Words words) => PageLanguage.Of(http)?.Say(words) ?? words.Both;

    /// <summary>In the language of the request's page; in English where it is a document.</summary>
    public static string SayOrEnglish(this HttpContext http, Words words) => PageLanguage.Of(http)?.Say(words) ?? words.English;

    /// <summary>Members of documents; in English they go by their own names.</summary>
    public static readonly IReadOnlyDictionary<string, string> ChineseMembers = new Dictionary<string, string>
    {
        ["id"] = "编号", ["title"] = "标题", ["description"] = "说明", ["itemType"] = "内容", ["crs"] = "坐标参考系", ["storageCrs"] = "存储坐标参考系", ["extent"] = "范围", ["spatial"] = "空间",
        ["temporal"] = "时间", ["bbox"] = "范围框", ["interval"] = "时段", ["links"] = "链接", ["version"] = "版本", ["inputs"] = "输入", ["outputs"] = "输出", ["schema"] = "结构",
        ["jobControlOptions"] = "执行方式", ["outputTransmission"] = "结果方式", ["conformsTo"] = "符合的标准", ["status"] = "状态", ["message"] = "信息", ["progress"] = "进度", ["created"] = "创建时间",
        ["started"] = "开始时间", ["finished"] = "完成时间", ["updated"] = "更新时间", ["collections"] = "要素集", ["processes"] = "分析", ["jobs"] = "任务", ["styles"] = "样式", ["tilesets"] = "瓦片集",
        ["tileMatrixSets"] = "切片方案", ["functions"] = "函数", ["arguments"] = "参数", ["returns"] = "返回", ["properties"] = "属性", ["required"] = "必填", ["type"] = "类型", ["enum"] = "可选值",
        ["minimum"] = "最小", ["maximum"] = "最大", ["format"] = "格式", ["minOccurs"] = "最少", ["maxOccurs"] = "最多", ["keywords"] = "关键词", ["dataType"] = "数据类型",
        ["tileMatrixSetLimits"] = "瓦片范围", ["tileMatrixSetURI"] = "切片方案", ["layers"] = "图层",
        ["name"] = "名称", ["jobID"] = "任务编号", ["processID"] = "分析", ["default"] = "默认", ["stylesheets"] = "样式表", ["scope"] = "范畴", ["dates"] = "日期",
        ["accessConstraints"] = "使用限制", ["specification"] = "规范", ["native"] = "原生编码", ["link"] = "链接", ["sampleData"] = "示例数据", ["attributes"] = "用到的属性", ["trs"] = "时间参照", ["uri"] = "标识",
        ["orderedAxes"] = "轴序", ["wellKnownScaleSet"] = "通用比例尺集", ["tileMatrices"] = "瓦片矩阵", ["scaleDenominator"] = "比例尺分母", ["cellSize"] = "像元大小", ["cornerOfOrigin"] = "原点角", ["pointOfOrigin"] = "原点",
        ["tileWidth"] = "瓦片宽", ["tileHeight"] = "瓦片高", ["matrixWidth"] = "矩阵宽", ["matrixHeight"] = "矩阵高", ["boundingBox"] = "范围框", ["lowerLeft"] = "左下角", ["upperRight"] = "右上角",
        ["tileMatrix"] = "瓦片矩阵", ["minTileRow"] = "最小行", ["maxTileRow"] = "最大行", ["minTileCol"] = "最小列", ["maxTileCol"] = "最大列", ["minTileMatrix"] = "最小级别", ["maxTileMatrix"] = "最大级别",
        ["x-ogc-role"] = "角色", ["readOnly"] = "只读", ["writeOnly"] = "只写", ["minLength"] = "最短", ["maxLength"] = "最长", ["geometryDimension"] = "几何维数", ["propertiesSchema"] = "属性结构", ["additionalProperties"] = "其他属性", ["creation"] = "创建", ["revision"] = "修订",
    };

    /// <summary>Links by the last part of their relation's name.</summary>
    public static readonly IReadOnlyDictionary<string, string> ChineseRelations = new Dictionary<string, string>
    {
        ["self"] = "本文档", ["alternate"] = "本文档", ["service-desc"] = "接口描述", ["service-doc"] = "接口文档", ["conformance"] = "符合的标准", ["data"] = "要素集", ["collection"] = "所属要素集",
        ["items"] = "要素", ["queryables"] = "可用于过滤的属性", ["sortables"] = "可用于排序的属性", ["schema"] = "结构", ["functions"] = "函数", ["processes"] = "分析", ["job-list"] = "任务", ["execute"] = "执行",
        ["results"] = "结果", ["tilesets-vector"] = "矢量瓦片", ["tiling-schemes"] = "切片方案", ["tiling-scheme"] = "切片方案", ["styles"] = "样式", ["stylesheet"] = "样式表", ["next"] = "下一页", ["prev"] = "上一页",
        ["geodata"] = "所属要素集", ["item"] = "瓦片", ["up"] = "上一级",
        ["describedby"] = "说明", ["start"] = "要素",
    };

    /// <summary>Links whose relation does not tell them apart, by their English title.</summary>
    public static readonly IReadOnlyDictionary<string, string> ChineseLinks = new Dictionary<string, string>
    {
        ["The API, as OpenAPI 3.0"] = "接口描述（OpenAPI 3.0）", ["The API, as OpenAPI 3.1"] = "接口描述（OpenAPI 3.1）", ["Functions for filters"] = "过滤函数", ["Vector tiles"] = "矢量瓦片", ["This job"] = "本任务",
        ["This tile set"] = "本瓦片集", ["MapLibre style"] = "MapLibre 样式", ["TileJSON"] = "TileJSON", ["Metadata"] = "元数据", ["Styles"] = "样式",
    };
}
