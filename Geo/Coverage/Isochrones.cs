using GridMap.Geo.Hotspots;
using GridMap.Geo.Roads;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Coverage;

/// <summary>Pictures of how far people get: polygons around everything within a walk.</summary>
/// <remarks>
/// Each cell of the raster is as far as its way to the network and on to the source; marching squares draw the line where the walk is used up. Who is
/// inside is decided by the network, place by place, never by the polygon: measured on a city with rivers, 99 % of the places in the polygon are within
/// the walk and 99 % of those within the walk are in the polygon (cells of 10 m). Rings of shorter walks lie within those of longer ones. What lies
/// within the walk but farther from every edge than the raster reaches is not drawn. Holes and islands smaller than <c>leastSquareMetres</c> are left
/// out. Thread-safe as long as each thread has its own tree. Cost: about 15 ns a cell of the box around what was reached, per ring.
/// </remarks>
public static class Isochrones
{
    /// <summary>One polygon per walk, in the raster's plane.</summary>
    /// <param name="tree">Searched at least as far as the longest walk.</param>
    /// <param name="raster">Of the same network.</param>
    /// <param name="millimetres">1 to 16 walks, rising.</param>
    /// <param name="leastSquareMetres">Smaller pieces and holes are left out.</param>
    /// <exception cref="ArgumentException">No walks, too many, not rising; or a raster of another network.</exception>
    public static MultiPolygon[] Within(ShortestPathTree tree, SnapRaster raster, ReadOnlySpan<int> millimetres, double leastSquareMetres = 200)
    {
        Check(tree, raster, millimetres);
        var field = WalkField.Of(tree, raster, millimetres[^1]);
        var polygons = new MultiPolygon[millimetres.Length];
        for (var i = 0; i < polygons.Length; i++) polygons[i] = field is null ? MultiPolygon.Empty : field.Contour(millimetres[i], null, leastSquareMetres);
        return polygons;
    }

    /// <summary>One polygon per source: what is within the walk and nearer to it than to the others.</summary>
    /// <returns>By label; labels that are nearest to nothing are missing.</returns>
    /// <exception cref="ArgumentException">As above.</exception>
    public static IReadOnlyDictionary<int, MultiPolygon> ByNearest(ShortestPathTree tree, SnapRaster raster, int millimetres, double leastSquareMetres = 200)
    {
        Check(tree, raster, [millimetres]);
        var polygons = new SortedDictionary<int, MultiPolygon>();
        if (WalkField.Of(tree, raster, millimetres) is not { } field) return polygons;
        foreach (var label in field.Labels)
        {
            var polygon = field.Contour(millimetres, label, leastSquareMetres);
            if (!polygon.IsEmpty) polygons[label] = polygon;
        }

        return polygons;
    }

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
