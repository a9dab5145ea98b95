using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>A grid as it was drawn elsewhere.</summary>
/// <param name="Outline">A polygon or multipolygon, in lon, lat.</param>
/// <param name="Face">The grid it is meant to be; below 0 when that is not known.</param>
public readonly record struct DrawnGrid(Geometry Outline, int Face = -1);

public static partial class GridEdit
{
    /// <summary>Takes all grids of one area as they were drawn elsewhere.</summary>
    /// <remarks>
    /// What was drawn need not fit: the outer border stays, lines near it are taken to it, land that nobody drew goes to the grid with the longest common border, land
    /// that several drew to the first of them. Where less than half of the area was drawn, it is
    /// taken for a part: grids of today that none of the drawn ones is meant to be go on with what is left of them. A drawn grid that is not named goes on as the grid with which it has most land in common, or is new.
    /// </remarks>
    /// <param name="partition">Grids.</param>
    /// <param name="faces">All grids of one area.</param>
    /// <param name="drawn">What they are to be.</param>
    /// <param name="faceOf">By drawn grid the number it got; −1 for one that has no land here.</param>
    /// <param name="limits">What edits may do.</param>
    public static GridEditResult Redraw(ArcPartition partition, IReadOnlyList<int> faces, IReadOnlyList<DrawnGrid> drawn, out int[] faceOf, GridEditLimits? limits = null)
    {
        faceOf = [.. Enumerable.Repeat(-1, drawn.Count)];
        limits ??= GridEditLimits.Default;
        if (Missing(partition, faces) is { } missing) return missing;
        var count = drawn.Sum(grid => grid.Outline.NumPoints);
        if (count > limits.MaxVertices) return TooMany(count, limits);
        var work = new Rework(partition, faces, limits);
        var lines = new List<LineString>();
        foreach (var grid in drawn)
        {
            if (GridShape.Parts(grid.Outline) is not { Count: > 0 } parts) return GridEditResult.No(GridEditReasons.TooFewVertices, "a grid is not drawn; expected a polygon");
            if (Positions(grid.Outline.Coordinates, null) is { } nowhere) return nowhere;
            lines.AddRange(parts.SelectMany(part => part.Holes.Prepend(part.Shell)).Select(ring => ring.Factory.CreateLineString(ring.CoordinateSequence)));
        }

        if (work.AddLines(lines) is { } bad) return bad;
        if (work.Cut(dropUnreachable: true) is { } trouble) return trouble;
        var owners = work.Owners();
        var whose = Whose(work, owners, drawn);
        if (!Array.Exists(whose, at => at >= 0)) return GridEditResult.No(GridEditReasons.OffTheMap, "what is drawn lies on none of these grids");
        List<DrawnGrid> all = [.. drawn, .. Untouched(work, owners, whose, drawn)];
        Spread(work, owners, whose);
        var names = Names(partition, work, owners, whose, faces, all, out var free);
        faceOf = names[..drawn.Count];
        var result = new int[owners.Length];
        for (var piece = 0; piece < result.Length; piece++) result[piece] = owners[piece] == Arrangement.Nobody ? Arrangement.Nobody : names[whose[piece]];
        return work.Finish(result, free);
    }

    /// <summary>By piece the first drawn grid that it lies in; −1 for none.</summary>
    private static int[] Whose(Rework work, int[] owners, IReadOnlyList<DrawnGrid> drawn)
    {
        var whose = new int[owners.Length];
        Array.Fill(whose, -1);
        IndexedPointInAreaLocator[] locators = [.. drawn.Select(grid => new IndexedPointInAreaLocator(grid.Outline))];
        var factory = new GeometryFactory();
        for (var piece = 0; piece < owners.Length; piece++)
        {
            if (owners[piece] == Arrangement.Nobody) continue;
            var rings = work.Arrangement.RingsOf(piece);
            var at = factory.CreatePolygon(Ring(rings[0]), [.. rings.Skip(1).Select(Ring)]).InteriorPoint.Coordinate;
            whose[piece] = Array.FindIndex(locators, locator => locator.Locate(at) == Location.Interior);
        }

        return whose;

        LinearRing Ring(GridVertex[] ring) => factory.CreateLinearRing(Array.ConvertAll(ring, vertex => vertex.ToCoordinate()));
    }

    /// <summary>Grids of today that go on, counted on from the drawn ones: whoever draws one new grid does not mean the others to vanish.</summary>
    private static List<DrawnGrid> Untouched(Rework work, int[] owners, int[] whose, IReadOnlyList<DrawnGrid> drawn)
    {
        var meant = drawn.Select(grid => grid.Face).ToHashSet();
        var kept = new List<DrawnGrid>();
        if (2 * Size(piece => whose[piece] >= 0) >= Size(_ => true)) return kept;
        foreach (var grid in Enumerable.Range(0, owners.Length).Where(piece => owners[piece] != Arrangement.Nobody && !meant.Contains(owners[piece])).GroupBy(piece => owners[piece]).OrderBy(grid => grid.Key))
        {
            if (!grid.Any(piece => whose[piece] < 0)) continue;
            foreach (var piece in grid.Where(piece => whose[piece] < 0)) whose[piece] = drawn.Count + kept.Count;
            kept.Add(new(GeometryFactory.Default.CreatePolygon(), grid.Key));
        }

        return kept;

        double Size(Func<int, bool> wanted) => Enumerable.Range(0, owners.Length).Where(piece => owners[piece] != Arrangement.Nobody && wanted(piece)).Sum(piece => work.Scale.SquareMetres(work.Arrangement.Pieces[piece].DoubleArea));
    }

    /// <summary>Gives what nobody drew to the drawn grid with the longest common border, from the edges inwards.</summary>
    private static void Spread(Rework work, int[] owners, int[] whose)
    {
        var between = work.Arrangement.Borders(work.Scale);
        while (true)
        {
            var metres = new SortedDictionary<(int Piece, int Drawn), double>();
            foreach (var ((a, b), length) in between)
            {
                foreach (var (piece, other) in ((int, int)[])[(a, b), (b, a)])
                {
                    if (owners[piece] == Arrangement.Nobody || owners[other] == Arrangement.Nobody || whose[piece] >= 0 || whose[other] < 0) continue;
                    metres[(piece, whose[other])] = metres.GetValueOrDefault((piece, whose[other])) + length;
                }
            }

            if (metres.Count == 0) break;
            foreach (var group in metres.GroupBy(pair => pair.Key.Piece)) whose[group.Key] = group.MaxBy(pair => pair.Value).Key.Drawn;
        }

        // An island that nobody drew is the first one's.
        var first = Array.Find(whose, at => at >= 0);
        for (var piece = 0; piece < whose.Length; piece++)
        {
            if (owners[piece] != Arrangement.Nobody && whose[piece] < 0) whose[piece] = first;
        }
    }

    private static int[] Names(ArcPartition partition, Rework work, int[] owners, int[] whose, IReadOnlyList<int> faces, List<DrawnGrid> drawn, out int free)
    {
        var (names, taken, here) = (new int[drawn.Count], new HashSet<int>(), faces.ToHashSet());
        Array.Fill(names, -1);
        var common = new SortedDictionary<(int Drawn, int Face), double>();
        for (var piece = 0; piece < owners.Length; piece++)
        {
            if (owners[piece] == Arrangement.Nobody) continue;
            common[(whose[piece], owners[piece])] = common.GetValueOrDefault((whose[piece], owners[piece])) + work.Scale.SquareMetres(work.Arrangement.Pieces[piece].DoubleArea);
        }

        var present = common.Keys.Select(pair => pair.Drawn).ToHashSet();
        for (var i = 0; i < names.Length; i++)
        {
            if (present.Contains(i) && here.Contains(drawn[i].Face) && taken.Add(drawn[i].Face)) names[i] = drawn[i].Face;
        }

        foreach (var ((grid, face), _) in common.OrderByDescending(pair => pair.Value))
        {
            if (names[grid] < 0 && taken.Add(face)) names[grid] = face;
        }

        free = partition.FreeFace;
        for (var i = 0; i < names.Length; i++)
        {
            if (present.Contains(i) && names[i] < 0) names[i] = free++;
        }

        return names;
    }
}
