using System.Text.Json;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Clients;

/// <summary>Every collection against RFC 7946, member by member.</summary>
public sealed class GeoJsonTests(SmallCity city) : IClassFixture<SmallCity>
{
    [DatabaseTheory]
    [InlineData("areas")]
    [InlineData("grids")]
    [InlineData("compounds")]
    [InlineData("buildings")]
    [InlineData("facilities")]
    [InlineData("incidents")]
    [InlineData("roads")]
    [InlineData("landscapes")]
    [InlineData("population-cells")]
    public async Task A_collection_is_what_the_rfc_says(string collection)
    {
        // Clockwise, as many programs write it: the answer must be turned.
        if (collection == "landscapes") await city.Scratch.Execute("INSERT INTO landscapes (code, kind, geom) VALUES ('W', 'water', 'SRID=4326;MULTIPOLYGON(((119.95 31.78,119.95 31.79,119.96 31.79,119.96 31.78,119.95 31.78),(119.952 31.782,119.954 31.782,119.954 31.784,119.952 31.784,119.952 31.782)))')");
        foreach (var address in new[] { $"/ogc/collections/{collection}/items?limit=1000", $"/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames={collection}&outputFormat=application/geo%2Bjson" })
        {
            var root = await city.Anyone.Json(address);
            root.At("type").GetString().ShouldBe("FeatureCollection");
            root.TryGetProperty("crs", out _).ShouldBeFalse("§4");
            foreach (var name in new[] { "coordinates", "geometry", "geometries", "properties" }) root.TryGetProperty(name, out _).ShouldBeFalse("§7.1");
            foreach (var feature in root.At("features").EnumerateArray())
            {
                feature.At("type").GetString().ShouldBe("Feature");
                feature.At("id").ValueKind.ShouldBeOneOf(JsonValueKind.Number, JsonValueKind.String);
                feature.At("properties").ValueKind.ShouldBeOneOf(JsonValueKind.Object, JsonValueKind.Null);
                if (feature.At("geometry").ValueKind != JsonValueKind.Null) Geometry(feature.At("geometry"));
            }
        }
    }

    private static void Geometry(JsonElement geometry)
    {
        var coordinates = geometry.At("coordinates");
        switch (geometry.At("type").GetString())
        {
            case "Point": Position(coordinates); break;
            case "LineString": coordinates.GetArrayLength().ShouldBeGreaterThanOrEqualTo(2); foreach (var at in coordinates.EnumerateArray()) Position(at); break;
            case "Polygon": Polygon(coordinates); break;
            case "MultiPolygon": foreach (var polygon in coordinates.EnumerateArray()) Polygon(polygon); break;
            case var other: throw new ShouldAssertException($"{other} is no type of these layers");
        }
    }

    private static void Polygon(JsonElement rings)
    {
        rings.GetArrayLength().ShouldBeGreaterThan(0);
        for (var i = 0; i < rings.GetArrayLength(); i++)
        {
            var ring = rings[i].EnumerateArray().Select(at => { Position(at); return (X: at[0].GetDouble(), Y: at[1].GetDouble()); }).ToList();
            ring.Count.ShouldBeGreaterThanOrEqualTo(4);
            ring[^1].ShouldBe(ring[0]);
            var area = ring.Zip(ring.Skip(1)).Sum(edge => ((edge.First.X - ring[0].X) * (edge.Second.Y - ring[0].Y)) - ((edge.Second.X - ring[0].X) * (edge.First.Y - ring[0].Y)));
            (i == 0 ? area : -area).ShouldBeGreaterThan(0, "§3.1.6: outer rings counterclockwise, holes clockwise");
        }
    }

    private static void Position(JsonElement at)
    {
        at.GetArrayLength().ShouldBeInRange(2, 3);
        Math.Abs(at[0].GetDouble()).ShouldBeLessThanOrEqualTo(180);
        Math.Abs(at[1].GetDouble()).ShouldBeLessThanOrEqualTo(90);
    }
}
