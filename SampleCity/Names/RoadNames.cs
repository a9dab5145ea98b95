using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Names;

/// <summary>The names of the city's roads; an edge of the street map refers to one by its number.</summary>
internal sealed class RoadNames(Namer namer)
{
    private readonly List<(string Name, string NameEn)> names = [];
    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal)
    {
        ["环城绿道"] = "City Greenway", ["内环路"] = "Inner Ring Road", ["外环路"] = "Outer Ring Road", ["三环路"] = "Third Ring Road",
        ["四环路"] = "Fourth Ring Road", ["人和大道"] = "Renhe Avenue", ["中兴大道"] = "Zhongxing Avenue",
        ["澜江北路"] = "North Lan River Road", ["澜江南路"] = "South Lan River Road", ["漕河北路"] = "East Cao Canal Road",
        ["漕河南路"] = "West Cao Canal Road", ["铁路北路"] = "North Railway Road", ["铁路南路"] = "South Railway Road",
    };

    public (string Name, string NameEn) this[int index] => index < 0 ? ("", "") : names[index];

    public int Add(EdgeKind kind, string given)
    {
        names.Add(given.Length > 0 ? (given.Replace("漕河北", "漕河东").Replace("漕河南", "漕河西"), known[given]) : kind switch
        {
            EdgeKind.Ring or EdgeKind.Arterial => namer.Fresh("大道", " Avenue"),
            EdgeKind.Collector => namer.Fresh("路", " Road"),
            EdgeKind.Lane => namer.Fresh("街", " Street"),
            _ => ("", ""),
        });
        return names.Count - 1;
    }
}
