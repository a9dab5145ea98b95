using NetTopologySuite.Geometries;

namespace GridMap.Geo.Grids;

/// <summary>Something wrong with one grid or a set of them.</summary>
/// <param name="Reason">One of <see cref="GridFaultReasons"/>.</param>
/// <param name="Place">Where, in lon, lat: a polygon for what has an area, else a point or a line.</param>
/// <param name="SquareMetres">Its size in the metric plane; 0 for points and lines.</param>
/// <param name="WidthMetres">Mean width 2·area/perimeter of a polygon; 0 for points; for narrow gaps the distance.</param>
/// <param name="Children">Indices of the grids concerned, ascending; those around a gap.</param>
/// <param name="Detail">For a person.</param>
public sealed record GridFault(string Reason, Geometry Place, double SquareMetres, double WidthMetres, IReadOnlyList<int> Children, string Detail)
{
    /// <summary>Of a mismatched border: only the parent lacks the vertex, and nothing is wrong between the grids.</summary>
    public bool OfParentOnly { get; init; }

    /// <summary>The building or compound concerned, by index; null when none is.</summary>
    public int? Thing { get; init; }

    /// <summary>Of a mesh too large or too small: what was counted, one of <see cref="GridIndicatorNames"/>.</summary>
    public string? Indicator { get; init; }

    /// <summary>What was found of it.</summary>
    public double? Value { get; init; }

    /// <summary>What would have been allowed.</summary>
    public double? Limit { get; init; }
}

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

    /// <summary>A border runs through a building.</summary>
    public const string CutsBuilding = "grid.cuts-building";

    /// <summary>A border runs through a compound.</summary>
    public const string CutsCompound = "grid.cuts-compound";

    /// <summary>A grid that lies wholly within another.</summary>
    public const string Enclave = "grid.enclave";

    /// <summary>网眼过大: more households, residents, land, buildings, load or way across than one grid should have.</summary>
    public const string MeshTooLarge = "grid.mesh-too-large";

    /// <summary>Fewer than a grid should have.</summary>
    public const string MeshTooSmall = "grid.mesh-too-small";

    /// <summary>So little fits that the places were not worked out.</summary>
    public const string TooManyFaults = "partition.too-many-faults";
}
