using System.Globalization;
using System.Xml.Linq;
using GridMap.Geo.Cql2;
using GridMap.Geo.Projections;
using NetTopologySuite;
using NetTopologySuite.Geometries;

namespace GridMap.Server.Wfs;

/// <summary>Reads the GML geometries of a filter into longitude and latitude. Without a srsName they are in the default CRS.</summary>
/// <param name="listed">The CRSs that they may be in.</param>
public sealed class GmlReader(IReadOnlyList<KnownCrs> listed)
{
    private const string Locator = "filter";

    private static readonly GeometryFactory Factory = NtsGeometryServices.Instance.CreateGeometryFactory(4326);

    /// <exception cref="WfsFault">It is no geometry of GML 3.2, or its positions make no sense.</exception>
    public Expression Read(XElement element) => new GeometryLiteral(Any(element, WfsCrs.Default));

    public static bool IsGeometry(XElement element) => element.Name.Namespace == WfsNames.Gml;

    private Geometry Any(XElement element, WfsCrs inherited)
    {
        var crs = element.Attribute("srsName") is { } name ? WfsCrs.Parse(name.Value, Locator, listed) : inherited;
        if (element.Name.Namespace != WfsNames.Gml) throw Wrong($"a geometry of GML 3.2, found {element.Name.LocalName}");
        switch (element.Name.LocalName)
        {
            case "Envelope": return Envelope(element, crs);
            case "Point": return Factory.CreatePoint(Positions(element, crs) is [var only] ? only : throw Wrong("a point with one position"));
            case "LineString" or "LineStringSegment": return Line(element, crs);
            case "Polygon" or "PolygonPatch" or "Rectangle" or "Triangle": return Polygon(element, crs);
            case "Curve": return One(Members(element, crs));
            case "Surface": return One(Members(element, crs));
            case "MultiPoint" or "MultiCurve" or "MultiLineString" or "MultiSurface" or "MultiPolygon" or "MultiGeometry":
                return Factory.BuildGeometry(Members(element, crs));
            default: throw Wrong($"a point, line, polygon, envelope or a list of them, found {element.Name.LocalName}");
        }
    }

    private static Geometry One(List<Geometry> parts) => parts.Count == 1 ? parts[0] : throw Wrong("a curve or surface of one segment or patch");

    // <member><X/></member>…, <members><X/><X/></members>, <segments>…</segments>: two levels down, whatever they are called.
    private List<Geometry> Members(XElement element, WfsCrs crs)
    {
        var members = element.Elements().Where(member => member.Name.Namespace == WfsNames.Gml && char.IsLower(member.Name.LocalName[0])).Elements().Select(part => Any(part, crs)).ToList();
        return members.Count > 0 ? members : throw Wrong($"members in {element.Name.LocalName}");
    }

    private static Geometry Envelope(XElement element, WfsCrs crs)
    {
        var lower = Numbers(element.Element(WfsNames.Gml + "lowerCorner")?.Value ?? "");
        var upper = Numbers(element.Element(WfsNames.Gml + "upperCorner")?.Value ?? "");
        if (lower.Count < 2 || upper.Count != lower.Count) throw Wrong("an envelope with lowerCorner and upperCorner");
        return crs.Box(lower[0], lower[1], upper[0], upper[1], Locator);
    }

    private static LineString Line(XElement element, WfsCrs crs) =>
        Positions(element, crs) is { Length: >= 2 } positions ? Factory.CreateLineString(positions) : throw Wrong("a line of two positions or more");

    private static Polygon Polygon(XElement element, WfsCrs crs)
    {
        var rings = element.Elements().Where(side => side.Name.LocalName is "exterior" or "interior" && side.Name.Namespace == WfsNames.Gml)
            .OrderBy(side => side.Name.LocalName == "exterior" ? 0 : 1).Elements(WfsNames.Gml + "LinearRing").Select(ring => Ring(ring, crs)).ToList();
        return rings.Count > 0 && element.Elements(WfsNames.Gml + "exterior").Any() ? Factory.CreatePolygon(rings[0], [.. rings.Skip(1)]) : throw Wrong("a polygon with an exterior LinearRing");
    }

    private static LinearRing Ring(XElement element, WfsCrs crs) =>
        Positions(element, crs) is { Length: >= 4 } positions && positions[0].Equals2D(positions[^1])
            ? Factory.CreateLinearRing(positions) : throw Wrong("a ring of four positions or more that ends where it begins");

    private static Coordinate[] Positions(XElement element, WfsCrs crs)
    {
        var dimension = 2;
        var numbers = new List<double>();
        if (element.Element(WfsNames.Gml + "posList") is { } list)
        {
            dimension = Dimension(list) ?? Dimension(element) ?? 2;
            numbers = Numbers(list.Value);
        }
        else if (element.Element(WfsNames.Gml + "coordinates") is { } coordinates)
        {
            numbers = Numbers(coordinates.Value.Replace(',', ' '));
        }
        else
        {
            foreach (var position in element.Elements(WfsNames.Gml + "pos"))
            {
                var each = Numbers(position.Value);
                if (each.Count is not (2 or 3)) throw Wrong("positions of two or three numbers");
                numbers.AddRange(each.Take(2));
            }
        }
        if (numbers.Count == 0 || numbers.Count % dimension != 0) throw Wrong("positions");
        var positions = new Coordinate[numbers.Count / dimension];
        for (var i = 0; i < positions.Length; i++)
        {
            var (lon, lat) = crs.ToLonLat(numbers[i * dimension], numbers[(i * dimension) + 1]);
            if (double.IsNaN(lon) || double.IsNaN(lat)) throw Wrong($"positions within {crs.Name} in its order of axes (number {i + 1} is not)");
            positions[i] = new Coordinate(lon, lat);
        }
        return positions;
    }

    private static int? Dimension(XElement element) => element.Attribute("srsDimension")?.Value switch { null => null, "2" => 2, "3" => 3, _ => throw Wrong("srsDimension 2 or 3") };

    private static List<double> Numbers(string text)
    {
        var numbers = new List<double>();
        foreach (var part in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) throw Wrong("finite numbers in a geometry");
            numbers.Add(number);
        }
        return numbers;
    }

    private static WfsFault Wrong(string expected) => WfsFault.Invalid(Locator, expected);
}
