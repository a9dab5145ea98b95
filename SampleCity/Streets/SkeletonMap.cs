using GridMap.SampleCity.Numbers;
using NetTopologySuite.Geometries;
using NetTopologySuite.Noding;
using NetTopologySuite.Noding.Snapround;

namespace GridMap.SampleCity.Streets;

/// <summary>Turns the skeleton's crossing lines into a planar map: nodes them on the coordinate lattice, drops what lies outside or in the water, trims loose ends.</summary>
internal static class SkeletonMap
{
    private readonly record struct Edge(Place A, Place B, SkeletonLine Line);

    public static PlanarMap Build(Skeleton skeleton)
    {
        var edges = Node(skeleton);
        edges.RemoveAll(edge => IsUnwanted(edge, skeleton));
        TrimLooseEnds(edges);
        KeepLargestPiece(edges);
        var map = PlanarMap.FromEdges([.. edges.Select(edge => (edge.A, edge.B, edge.Line.Kind, edge.Line.Name))]);
        OpenGreenway(map);
        return map;
    }

    private static List<Edge> Node(Skeleton skeleton)
    {
        var centre = CityPlane.Snap(default);
        var strings = new List<ISegmentString>();
        foreach (var line in skeleton.Lines)
        {
            var coordinates = new List<Coordinate>();
            foreach (var point in line.Points)
            {
                var place = CityPlane.Snap(point);
                var coordinate = new Coordinate(place.Lon7 - centre.Lon7, place.Lat7 - centre.Lat7);
                if (coordinates.Count == 0 || !coordinates[^1].Equals2D(coordinate)) coordinates.Add(coordinate);
            }
            strings.Add(new NodedSegmentString([.. coordinates], line));
        }
        var noder = new SnapRoundingNoder(new PrecisionModel(1));
        noder.ComputeNodes(strings);
        var best = new Dictionary<(Place, Place), int>();
        var edges = new List<Edge>();
        foreach (var part in noder.GetNodedSubstrings())
        {
            var line = (SkeletonLine)part.Context;
            for (var i = 0; i + 1 < part.Count; i++)
            {
                var a = new Place(centre.Lon7 + (int)part.Coordinates[i].X, centre.Lat7 + (int)part.Coordinates[i].Y);
                var b = new Place(centre.Lon7 + (int)part.Coordinates[i + 1].X, centre.Lat7 + (int)part.Coordinates[i + 1].Y);
                if (a == b) continue;
                var key = a.Lon7 < b.Lon7 || (a.Lon7 == b.Lon7 && a.Lat7 < b.Lat7) ? (a, b) : (b, a);
                if (best.TryGetValue(key, out var there))
                {
                    if (line.Kind < edges[there].Line.Kind) edges[there] = new(a, b, line);
                    continue;
                }
                best.Add(key, edges.Count);
                edges.Add(new(a, b, line));
            }
        }
        return edges;
    }

    private static bool IsUnwanted(Edge edge, Skeleton skeleton)
    {
        if (edge.Line.Kind == EdgeKind.Boundary) return false;
        var middle = (CityPlane.ToPlane(edge.A) + CityPlane.ToPlane(edge.B)) * 0.5;
        if (!Shapes.Contains(skeleton.Boundary, middle)) return true;
        if (edge.Line.Corridor < 0 || edge.Line.Kind.IsCentreLine()) return false;
        // The road along one water must not run through another.
        for (var i = 0; i < skeleton.Corridors.Count; i++)
            if (i != edge.Line.Corridor && skeleton.Corridors[i].IsWater && skeleton.Corridors[i].DepthInStrip(middle) > 1)
                return true;
        return false;
    }

    private static void TrimLooseEnds(List<Edge> edges)
    {
        while (true)
        {
            var degree = Degrees(edges);
            if (edges.RemoveAll(edge => degree[edge.A] == 1 || degree[edge.B] == 1) == 0) return;
        }
    }

    private static Dictionary<Place, int> Degrees(List<Edge> edges)
    {
        var degree = new Dictionary<Place, int>();
        foreach (var edge in edges)
        {
            degree[edge.A] = degree.GetValueOrDefault(edge.A) + 1;
            degree[edge.B] = degree.GetValueOrDefault(edge.B) + 1;
        }
        return degree;
    }

    private static void KeepLargestPiece(List<Edge> edges)
    {
        var leader = new Dictionary<Place, Place>();
        foreach (var edge in edges)
        {
            leader.TryAdd(edge.A, edge.A);
            leader.TryAdd(edge.B, edge.B);
        }
        Place Find(Place place)
        {
            while (leader[place] != place) place = leader[place] = leader[leader[place]];
            return place;
        }
        foreach (var edge in edges) leader[Find(edge.A)] = Find(edge.B);
        var boundary = edges.Find(edge => edge.Line.Kind == EdgeKind.Boundary);
        var main = Find(boundary.A);
        edges.RemoveAll(edge => Find(edge.A) != main);
    }

    /// <summary>The town's edge becomes a greenway, except where it passes over a river's, a canal's or a railway's strip.</summary>
    private static void OpenGreenway(PlanarMap map)
    {
        var inStrip = StripFaces(map);
        for (var half = 0; half < map.Halves; half++)
            if (map.Kind(half) == EdgeKind.Boundary && map.Face(half) != PlanarMap.Outside && !inStrip[map.Face(half)])
                map.SetKind(half, EdgeKind.Footpath);
    }

    /// <summary>Which faces are strips of a river, canal or railway: those that touch a middle line.</summary>
    public static bool[] StripFaces(PlanarMap map)
    {
        var inStrip = new bool[map.Faces];
        for (var half = 0; half < map.Halves; half++)
            if (map.Kind(half).IsCentreLine()) inStrip[map.Face(half)] = true;
        inStrip[PlanarMap.Outside] = false;
        return inStrip;
    }
}
