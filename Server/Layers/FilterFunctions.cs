using GridMap.Server.Databases;

namespace GridMap.Server.Layers;

/// <summary>A function that filters may call besides the operators of CQL2, with the SQL that makes it.</summary>
public sealed record FilterFunction(string Name, string Description, FilterKind Returns, (string Name, FilterKind Kind)[] Arguments, Func<Sql[], Sql> Write);

/// <summary>All of them. They are published as they stand here.</summary>
public static class FilterFunctions
{
    private const string CityTime = "coalesce((SELECT time_zone FROM city), 'UTC')";

    // Every area's chain by its id, made once for a statement: going up the tree for every row takes fifteen times as long.
    private const string Chains = "(SELECT jsonb_object_agg(id, (SELECT string_agg('n:' || above::float8::text, ' ') FROM unnest(area_chain(id)) AS above)) FROM areas)";

    public static readonly IReadOnlyList<FilterFunction> All =
    [
        new("area_square_metres", "The area of a geometry on the ellipsoid, m².", FilterKind.Number, [("geometry", FilterKind.Geometry)],
            a => Sql.Of($"ST_Area(({a[0]})::geography)")),
        new("length_metres", "The length of a line, or the circumference of an area, on the ellipsoid, m.", FilterKind.Number, [("geometry", FilterKind.Geometry)],
            a => Sql.Of($"(ST_Length(({a[0]})::geography) + ST_Perimeter(({a[0]})::geography))")),
        new("distance_metres", "The shortest distance between two geometries on the ellipsoid, m.", FilterKind.Number,
            [("geometry", FilterKind.Geometry), ("other", FilterKind.Geometry)], a => Sql.Of($"ST_Distance(({a[0]})::geography, ({a[1]})::geography)")),
        new("within_metres", "Whether two geometries are at most so far apart on the ellipsoid.", FilterKind.Boolean,
            [("geometry", FilterKind.Geometry), ("other", FilterKind.Geometry), ("metres", FilterKind.Number)],
            a => Sql.Of($"(({a[2]}) >= 0 AND ST_DWithin(({a[0]})::geography, ({a[1]})::geography, abs({a[2]})))")),
        new("centroid", "The centroid of a geometry.", FilterKind.Geometry, [("geometry", FilterKind.Geometry)], a => Sql.Of($"ST_Centroid({a[0]})")),
        new("area_chain", "The ids of an area and of all areas above it, from the city down.", FilterKind.Array, [("areaId", FilterKind.Number)],
            a => Sql.Of($"string_to_array({Sql.Trusted(Chains)} ->> (CASE WHEN abs({a[0]}) < 9e18 THEN ({a[0]})::bigint END)::text, ' ')")),
        new("char_length", "The number of characters of a text.", FilterKind.Number, [("text", FilterKind.Text)], a => Sql.Of($"char_length({a[0]})")),
        new("abs", "The absolute value of a number.", FilterKind.Number, [("number", FilterKind.Number)], a => Sql.Of($"abs({a[0]})")),
        new("floor", "The greatest whole number that is not above a number.", FilterKind.Number, [("number", FilterKind.Number)], a => Sql.Of($"floor({a[0]})")),
        new("ceil", "The least whole number that is not below a number.", FilterKind.Number, [("number", FilterKind.Number)], a => Sql.Of($"ceil({a[0]})")),
        new("year", "The year of a moment by the city's clock.", FilterKind.Number, [("time", FilterKind.Timestamp)], a => Part("year", a[0])),
        new("month", "The month of a moment by the city's clock, 1 to 12.", FilterKind.Number, [("time", FilterKind.Timestamp)], a => Part("month", a[0])),
        new("day_of_week", "The day of the week of a moment by the city's clock, 1 (Monday) to 7 (Sunday).", FilterKind.Number, [("time", FilterKind.Timestamp)], a => Part("isodow", a[0])),
        new("hour", "The hour of a moment by the city's clock, 0 to 23.", FilterKind.Number, [("time", FilterKind.Timestamp)], a => Part("hour", a[0])),
    ];

    public static FilterFunction? Find(string name) => All.FirstOrDefault(function => function.Name == name);

    private static Sql Part(string part, Sql time) => Sql.Of($"extract({Sql.Trusted(part)} FROM ({time}) AT TIME ZONE {Sql.Trusted(CityTime)})::float8");
}
