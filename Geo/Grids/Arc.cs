namespace GridMap.Geo.Grids;

/// <summary>A stretch of border with the same two faces along it, held once. Immutable: an edit replaces arcs, it never alters one.</summary>
/// <param name="id">Never given twice in one partition.</param>
/// <param name="vertices">At least two, neighbours different; the first equals the last in a ring that meets no other border.</param>
/// <param name="left">The face to the left when walking from the first vertex to the last; below 0 for what is no grid.</param>
/// <param name="right">The face to the right.</param>
public sealed class Arc(int id, GridVertex[] vertices, int left, int right)
{
    public int Id => id;

    public ReadOnlySpan<GridVertex> Vertices => vertices;

    public int Left => left;

    public int Right => right;

    public GridVertex First => vertices[0];

    public GridVertex Last => vertices[^1];

    public bool IsLoop => vertices[0] == vertices[^1];

    /// <summary>The face on the other side.</summary>
    public int Beyond(int face) => face == left ? right : left;

    internal GridVertex[] Copy() => (GridVertex[])vertices.Clone();

    internal bool Same(Arc other) => other.Id == id && other.Left == left && other.Right == right && other.Vertices.SequenceEqual(vertices);

    internal bool Same(GridVertex[] others, int otherLeft, int otherRight)
        => otherLeft == left && otherRight == right && vertices.AsSpan().SequenceEqual(others);
}

/// <summary>What an edit did, complete both ways: undoing puts the very same arcs back.</summary>
/// <param name="Removed">Arcs that were taken out.</param>
/// <param name="Added">Arcs that took their place.</param>
/// <param name="NewFaces">Faces that came into being, with the parent each belongs to.</param>
/// <param name="GoneFaces">Faces that ceased, with the parent each belonged to.</param>
/// <param name="Touched">
/// Every face whose polygon is different afterwards, new and gone ones included, ascending: what an editor must have to himself. A neighbour is touched
/// when its border got a vertex where a new border begins.
/// </param>
/// <param name="NextArc">The first free arc id before and after.</param>
/// <param name="NextFace">The first free face id before and after.</param>
public sealed record ArcChange(
    IReadOnlyList<Arc> Removed, IReadOnlyList<Arc> Added, IReadOnlyList<FaceParent> NewFaces, IReadOnlyList<FaceParent> GoneFaces,
    IReadOnlyList<int> Touched, (int Before, int After) NextArc, (int Before, int After) NextFace)
{
    /// <summary>The change that undoes this one.</summary>
    public ArcChange Inverse() => new(Added, Removed, GoneFaces, NewFaces, Touched, (NextArc.After, NextArc.Before), (NextFace.After, NextFace.Before));

    /// <summary>This change and the one made right after it, as one.</summary>
    /// <exception cref="ArgumentException">The other was not made right after this.</exception>
    public ArcChange Then(ArcChange next)
    {
        if (next.NextArc.Before != NextArc.After || next.NextFace.Before != NextFace.After) throw new ArgumentException("the changes do not follow each other", nameof(next));
        var taken = next.Removed.Select(arc => arc.Id).ToHashSet();
        var made = Added.Select(arc => arc.Id).ToHashSet();
        var gone = next.GoneFaces.Select(face => face.Face).ToHashSet();
        var fresh = NewFaces.Select(face => face.Face).ToHashSet();
        return new([.. Removed, .. next.Removed.Where(arc => !made.Contains(arc.Id))], [.. Added.Where(arc => !taken.Contains(arc.Id)), .. next.Added],
            [.. NewFaces.Where(face => !gone.Contains(face.Face)), .. next.NewFaces], [.. GoneFaces, .. next.GoneFaces.Where(face => !fresh.Contains(face.Face))],
            [.. Touched.Concat(next.Touched).Distinct().Order()], (NextArc.Before, next.NextArc.After), (NextFace.Before, next.NextFace.After));
    }

    public bool IsEmpty => Removed.Count == 0 && Added.Count == 0;

    /// <summary>The change as bytes, to be kept and put back by <see cref="FromBytes"/>.</summary>
    public byte[] ToBytes() => ArcChangeBytes.Write(this);

    /// <exception cref="ArgumentException">Not the bytes of a change.</exception>
    public static ArcChange FromBytes(ReadOnlySpan<byte> bytes) => ArcChangeBytes.Read(bytes);
}

/// <summary>A face and the area it tiles together with its siblings.</summary>
public readonly record struct FaceParent(int Face, int Parent);

/// <summary>What came of an edit: the change, already made, or a named reason for leaving everything as it was.</summary>
/// <param name="Change">Null when refused.</param>
/// <param name="Reason">One of <see cref="GridEditReasons"/>; null when done.</param>
/// <param name="Detail">For a person; null when done.</param>
/// <param name="Place">Where it fails, when that is one place.</param>
public sealed record GridEditResult(ArcChange? Change, string? Reason, string? Detail, GridVertex? Place = null)
{
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Change))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Reason), nameof(Detail))]
    public bool IsDone => Change is not null;

    internal static GridEditResult No(string reason, string detail, GridVertex? place = null) => new(null, reason, detail, place);
}

/// <summary>Why an edit was refused.</summary>
public static class GridEditReasons
{
    /// <summary>A grid named in the edit is not there.</summary>
    public const string NoSuchGrid = "edit.no-such-grid";

    /// <summary>Nothing would change.</summary>
    public const string NothingChanges = "edit.nothing-changes";

    /// <summary>The line does not part the grid: an end stops short of a border, or it runs outside.</summary>
    public const string LineDoesNotCut = "edit.line-does-not-cut";

    /// <summary>A line that was to move a border cuts nothing off: it does not begin and end on the border between the two grids.</summary>
    public const string LineMovesNoBorder = "edit.line-moves-no-border";

    /// <summary>A line that was to move a border runs along it as it is.</summary>
    public const string LineAlongBorder = "edit.line-along-border";

    /// <summary>A line has fewer than two different positions, or a drawn area fewer than three.</summary>
    public const string TooFewVertices = "edit.too-few-vertices";

    /// <summary>More vertices than an edit may have.</summary>
    public const string TooManyVertices = "edit.too-many-vertices";

    /// <summary>A position is not a number, or not near this partition.</summary>
    public const string OffTheMap = "edit.off-the-map";

    /// <summary>No vertex, or no border, at the place given.</summary>
    public const string NoVertexHere = "edit.no-vertex-here";

    /// <summary>Three borders meet here: the vertex cannot be taken out.</summary>
    public const string VertexIsNode = "edit.vertex-is-node";

    /// <summary>The border is the parent's: it is not the grids' to move.</summary>
    public const string BorderIsFixed = "edit.border-is-fixed";

    /// <summary>The line reaches the parent's border where it has no vertex near.</summary>
    public const string NoBorderVertexNear = "edit.no-border-vertex-near";

    /// <summary>Borders would cross or touch each other.</summary>
    public const string BordersCross = "edit.borders-cross";

    /// <summary>A grid would touch itself in a point.</summary>
    public const string TouchesItself = "edit.touches-itself";

    /// <summary>A grid would fall apart.</summary>
    public const string NotContiguous = "edit.not-contiguous";

    /// <summary>A grid would be turned inside out or lose all its area.</summary>
    public const string NoAreaLeft = "edit.no-area-left";

    /// <summary>A grid would be smaller than allowed.</summary>
    public const string TooSmall = "edit.too-small";

    /// <summary>The grids belong to different parents.</summary>
    public const string OtherParent = "edit.other-parent";

    /// <summary>The grids have no border in common.</summary>
    public const string NotNeighbours = "edit.not-neighbours";

    /// <summary>No street runs near the border.</summary>
    public const string NoStreetNear = "edit.no-street-near";

    /// <summary>Too many crossings to be worked out.</summary>
    public const string TooComplex = "edit.too-complex";
}
