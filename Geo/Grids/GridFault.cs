using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>Something wrong with one grid or a set of them.</summary>
/// <param name="Reason">One of <see cref="GridFaultReasons"/>.</param>
/// <param name="Place">Where, in lon, lat: a polygon for what has an area, else a point or a line.</param>
/// <param name="SquareMetres">Its size in the metric plane; 0 for points and lines.</param>
/// <param name="WidthMetres">Mean width 2·area/perimeter of a polygon; 0 for points; for narrow gaps the distance.</param>
/// <param name="Children">Indices of the grids concerned, ascending; those around a gap.</param>
/// <param name="Detail">For a person.</param>
public sealed record GridFault(string Reason, Geometry Place, double SquareMetres, double WidthMetres, IReadOnlyList<int> Children, string Detail);

/// <summary>What can be wrong with grids.</summary>
public static class GridFaultReasons
{
    /// <summary>Nothing drawn.</summary>
    public const string Empty = "grid.empty";

    /// <summary>Neither a polygon nor a multipolygon.</summary>
    public const string NotAPolygon = "grid.not-a-polygon";

    /// <summary>Crosses itself, a hole outside, … (OGC Simple Features).</summary>
    public const string Invalid = "grid.invalid";

    /// <summary>More than one piece.</summary>
    public const string Multipart = "grid.multipart";

    /// <summary>Smaller than allowed.</summary>
    public const string TooSmall = "grid.too-small";

    /// <summary>Larger than allowed.</summary>
    public const string TooLarge = "grid.too-large";

    /// <summary>A whole grid thinner than allowed.</summary>
    public const string Sliver = "grid.sliver";

    /// <summary>The same polygon twice.</summary>
    public const string Duplicate = "partition.duplicate";

    /// <summary>A part of the parent that belongs to no grid.</summary>
    public const string Gap = "partition.gap";

    /// <summary>A gap thinner than the sliver width: a border drawn twice.</summary>
    public const string SliverGap = "partition.sliver-gap";

    /// <summary>A place that belongs to more than one grid.</summary>
    public const string Overlap = "partition.overlap";

    /// <summary>An overlap thinner than the sliver width.</summary>
    public const string SliverOverlap = "partition.sliver-overlap";

    /// <summary>A part of a grid outside its parent.</summary>
    public const string OutsideParent = "partition.outside-parent";

    /// <summary>A vertex of one border that the border it lies on lacks; no area, but the two will part when either is edited.</summary>
    public const string MismatchedEdge = "partition.mismatched-edge";

    /// <summary>Two borders side by side closer than the gap width, open at an end (looked for when there is no parent).</summary>
    public const string NarrowGap = "partition.narrow-gap";

    /// <summary>A grid that touches itself in a point.</summary>
    public const string SelfTouching = "grid.self-touching";

    /// <summary>A position that is no multiple of 1e-7°: whether borders are equal could not be told.</summary>
    public const string OffLattice = "grid.off-lattice";

    /// <summary>So little fits that the places were not worked out.</summary>
    public const string TooManyFaults = "partition.too-many-faults";
}
