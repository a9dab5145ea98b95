using GridMap.Server.Databases;
using GridMap.Server.Http;

namespace GridMap.Server.Layers;

/// <summary>A function that filters may call besides the operators of CQL2, with the SQL that makes it.</summary>
public sealed record FilterFunction(string Name, Words Meaning, FilterKind Returns, (string Name, string NameZh, FilterKind Kind)[] Arguments, Func<Sql[], Sql> Write);

/// <summary>All of them. They are published as they stand here.</summary>
public static class FilterFunctions
{
    private const string CityTime = "coalesce((SELECT time_zone FROM city), 'UTC')";

    // Every area's chain by its id, made once for a statement: going up the tree for every row takes fifteen times as long.
    private const string Chains = "(SELECT jsonb_object_agg(id, (SELECT string_agg('n:' || above::float8::text, ' ') FROM unnest(area_chain(id)) AS above)) FROM areas)";

    public static readonly IReadOnlyList<FilterFunction> All =
    [
        new("area_square_metres", ("The area of a geometry on the ellipsoid, m².", "几何在椭球面上的面积，单位为平方米。"), FilterKind.Number, [("geometry", "几何", FilterKind.Geometry)],
            a => Sql.Of($"ST_Area(({a[0]})::geography)")),
        new("length_metres", ("The length of a line, or the circumference of an area, on the ellipsoid, m.", "线的长度或面的周长，在椭球面上计算，单位为米。"), FilterKind.Number, [("geometry", "几何", FilterKind.Geometry)],
            a => Sql.Of($"(ST_Length(({a[0]})::geography) + ST_Perimeter(({a[0]})::geography))")),
        new("distance_metres", ("The shortest distance between two geometries on the ellipsoid, m.", "两个几何在椭球面上的最短距离，单位为米。"), FilterKind.Number,
            [("geometry", "几何", FilterKind.Geometry), ("other", "另一几何", FilterKind.Geometry)], a => Sql.Of($"ST_Distance(({a[0]})::geography, ({a[1]})::geography)")),
        new("within_metres", ("Whether two geometries are at most so far apart on the ellipsoid.", "两个几何在椭球面上的距离是否不超过给定的米数。"), FilterKind.Boolean,
            [("geometry", "几何", FilterKind.Geometry), ("other", "另一几何", FilterKind.Geometry), ("metres", "米数", FilterKind.Number)],
            a => Sql.Of($"(({a[2]}) >= 0 AND ST_DWithin(({a[0]})::geography, ({a[1]})::geography, abs({a[2]})))")),
        new("centroid", ("The centroid of a geometry.", "几何的质心。"), FilterKind.Geometry, [("geometry", "几何", FilterKind.Geometry)], a => Sql.Of($"ST_Centroid({a[0]})")),
        new("area_chain", ("The ids of an area and of all areas above it, from the city down.", "某一行政区域及其全部上级的编号，自市级向下排列。"), FilterKind.Array, [("areaId", "行政区域编号", FilterKind.Number)],
            a => Sql.Of($"string_to_array({Sql.Trusted(Chains)} ->> (CASE WHEN abs({a[0]}) < 9e18 THEN ({a[0]})::bigint END)::text, ' ')")),
        new("char_length", ("The number of characters of a text.", "文本的字符数。"), FilterKind.Number, [("text", "文本", FilterKind.Text)], a => Sql.Of($"char_length({a[0]})")),
        new("abs", ("The absolute value of a number.", "数值的绝对值。"), FilterKind.Number, [("number", "数值", FilterKind.Number)], a => Sql.Of($"abs({a[0]})")),
        new("floor", ("The greatest whole number that is not above a number.", "不大于该数值的最大整数。"), FilterKind.Number, [("number", "数值", FilterKind.Number)], a => Sql.Of($"floor({a[0]})")),
        new("ceil", ("The least whole number that is not below a number.", "不小于该数值的最小整数。"), FilterKind.Number, [("number", "数值", FilterKind.Number)], a => Sql.Of($"ceil({a[0]})")),
        new("year", ("The year of a moment by the city's clock.", "某一时刻的年份，以城市当地时间计。"), FilterKind.Number, [("time", "时刻", FilterKind.Timestamp)], a => Part("year", a[0])),
        new("month", ("The month of a moment by the city's clock, 1 to 12.", "某一时刻的月份，以城市当地时间计，1 至 12。"), FilterKind.Number, [("time", "时刻", FilterKind.Timestamp)], a => Part("month", a[0])),
        new("day_of_week", ("The day of the week of a moment by the city's clock, 1 (Monday) to 7 (Sunday).", "某一时刻是星期几，以城市当地时间计，1（星期一）至 7（星期日）。"), FilterKind.Number, [("time", "时刻", FilterKind.Timestamp)], a => Part("isodow", a[0])),
        new("hour", ("The hour of a moment by the city's clock, 0 to 23.", "某一时刻的小时，以城市当地时间计，0 至 23。"), FilterKind.Number, [("time", "时刻", FilterKind.Timestamp)], a => Part("hour", a[0])),
    ];

    public static FilterFunction? Find(string name) => All.FirstOrDefault(function => function.Name == name);

    private static Sql Part(string part, Sql time) => Sql.Of($"extract({Sql.Trusted(part)} FROM ({time}) AT TIME ZONE {Sql.Trusted(CityTime)})::float8");
}
