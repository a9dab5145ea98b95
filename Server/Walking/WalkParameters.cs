using System.Globalization;
using GridMap.Geo.Coverage;
using GridMap.Geo.Projections;
using GridMap.Server.Http;
using Microsoft.OpenApi;
using NetTopologySuite.Geometries;

namespace GridMap.Server.Walking;

/// <summary>Parameters that several questions about walking share.</summary>
public static class WalkParameters
{
    public const int MostPlaces = 100, MostWalks = 6;

    public static readonly Parameter<double[]?> Minutes = new("minutes", ($"Minutes of walking, rising, at most {MostWalks}, such as 5,10,15; 5 when absent. {Pace.Longest}", $"步行分钟数，由小到大，最多 {MostWalks} 个，如 5,10,15；缺省为 5。{Pace.LongestZh}"),
        new OpenApiSchema { Type = JsonSchemaType.Array, MinItems = 1, MaxItems = MostWalks, Items = new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = "0.1", Maximum = "1000" } }, ReadMinutes);

    /// <summary>Several places, each "longitude,latitude".</summary>
    public static readonly ListParameter<double[]> Places = PlacesAs("place", ($"A place, longitude,latitude in degrees; may be repeated, at most {MostPlaces} times. In place of lon and lat.", $"地点：经度,纬度，单位为度；可重复给出，最多 {MostPlaces} 次。代替 lon 与 lat。"));

    /// <summary>Likewise by another name.</summary>
    public static ListParameter<double[]> PlacesAs(string name, Words meaning, bool isRequired = false) => new(name, meaning,
        new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } }, MostPlaces, ReadPlace)
    { Repeats = true, IsRequired = isRequired };

    /// <summary>The places asked for, stored datum, each with the field that named it.</summary>
    /// <exception cref="Refused">None, or both ways at once.</exception>
    public static List<(string Field, Http.Place Place)> PlacesOf(Question ask, Datum datum)
    {
        var (lon, lat, places) = (ask.Get(Parameters.Lon), ask.Get(Parameters.Lat), ask.Get(Places));
        if (places.Length > 0)
        {
            if (lon is not null || lat is not null) throw Refused.Field(lon is null ? "lat" : "lon", "parameter.either", "either place or lon and lat");
            return [.. places.Select((at, i) => (places.Length == 1 ? "place" : $"place[{i}]", datum.ToStored(at[0], at[1])))];
        }
        if (lon is null) throw Refused.Field("lon", "parameter.missing", "lon and lat, or place");
        if (lat is null) throw Refused.Field("lat", "parameter.missing", "lon and lat, or place");
        return [("lon", datum.ToStored(lon.Value, lat.Value))];
    }

    private static Reading<double[]?> ReadMinutes(string text)
    {
        var parts = text.Split(',');
        if (parts.Length > MostWalks) return Wrong();
        var minutes = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!Number(parts[i], out minutes[i]) || minutes[i] is < 0.1 or > 1000 || (i > 0 && minutes[i] <= minutes[i - 1])) return Wrong();
        }
        return minutes;

        static Reading<double[]?> Wrong() => Reading<double[]?>.Wrong("minutes.unreadable", $"1 to {MostWalks} rising numbers from 0.1 to 1000, such as 5,10,15");
    }

    private static Reading<double[]> ReadPlace(string text)
    {
        var parts = text.Split(',');
        return parts.Length == 2 && Number(parts[0], out var lon) && Number(parts[1], out var lat) && lon is >= -180 and <= 180 && lat is >= -90 and <= 90
            ? new[] { lon, lat } : Reading<double[]>.Wrong("place.unreadable", "longitude,latitude in degrees, such as 119.948,31.78");
    }

    private static bool Number(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}

/// <summary>How many live in some buildings.</summary>
public sealed record WalkPeople(long Buildings, long Households, long Residents, long Elderly, long Children)
{
    public static WalkPeople Of(Headcount count) => new(count.Buildings, count.Households, count.Residents, count.Elderly, count.Children);

    /// <summary>Adds buildings up, each as often as it is named.</summary>
    public static WalkPeople Of(People people, IEnumerable<int> buildings)
    {
        var sum = default(Headcount);
        foreach (var building in buildings) sum.Add(people, building);
        return Of(sum);
    }
}

public static class WalkShapes
{
    /// <summary>A polygon of the plane as GeoJSON.</summary>
    public static MultiPolygonShape Shape(this MetricPlane plane, MultiPolygon polygon, Datum datum) =>
        MultiPolygonShape.Of(polygon.IsEmpty ? polygon : (MultiPolygon)plane.ToLonLat(polygon), datum);

    /// <summary>The outline of a walk as GeoJSON.</summary>
    public static MultiPolygonShape Shape(this MetricPlane plane, WalkOutline outline, Datum datum) => MultiPolygonShape.Of(outline, plane, datum);
}
