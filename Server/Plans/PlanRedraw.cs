using GridMap.Geo.GeoJson;
using GridMap.Geo.Grids;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.Operation.OverlayNG;
using NetTopologySuite.Operation.Overlay;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>Takes grids that were drawn elsewhere into a draft, area by area, as one change; and says what is wrong with them as they were drawn.</summary>
internal static class PlanRedraw
{
    private const int MostShapes = 5_000, MostVertices = 300_000, MostFaults = 200;

    private const double LeastShare = 0.02;

    public static List<DrawnGrid> Read(PlanDraft draft, PlanCommand command, List<FieldError> errors)
    {
        var shapes = command.Shapes ?? [];
        if (shapes.Count is 0 or > MostShapes) errors.Add(new FieldError("shapes", "list.length", $"1 to {MostShapes} grids"));
        var (drawn, left) = (new List<DrawnGrid>(), GeoJsonLimits.Default.MaxPairs);
        foreach (var (shape, i) in shapes.Take(MostShapes).Select((shape, i) => (shape, i)))
        {
            var read = GeoJsonReader.Read(shape.Geometry, new() { MaxVertices = MostVertices, Types = GeoJsonTypes.Polygons, MaxPairs = long.MaxValue });
            if (read.IsRead && (left -= Crowding.Pairs(read.Geometry, left)) < 0)
            {
                errors.Add(new FieldError($"shapes[{i}].geometry", GeoJsonReasons.TooCrowded, "lines that run less closely to and fro, or fewer of them"));
                break;
            }
            if (read.IsRead) drawn.Add(new(read.Geometry!.IsValid ? read.Geometry : GeometryFixer.Fix(read.Geometry), shape.Key is { } key ? draft.Face(key) ?? -1 : -1));
            else errors.Add(new FieldError($"shapes[{i}].geometry{read.Path?.TrimStart('$')}", read.Reason!, GeoJsonWords.Expected(read.Detail)));
            if (errors.Count >= 20) break;
        }
        return drawn;
    }

    /// <summary>Each drawn grid belongs to the areas in which it has land worth the name; areas without any stay as they are.</summary>
    public static GridEditResult Make(PlanDraft draft, IReadOnlyList<DrawnGrid> drawn)
    {
        ArcChange? whole = null;
        GridEditResult? refused = null;
        foreach (var group in draft.Partition.Faces.GroupBy(draft.Partition.ParentOf).OrderBy(group => group.Key).ToArray())
        {
            int[] faces = [.. group];
            var area = UnionOf(draft, faces);
            DrawnGrid[] here = [.. drawn.Where(grid => grid.Outline.EnvelopeInternal.Intersects(area.EnvelopeInternal) && Share(grid.Outline, area) >= LeastShare)];
            if (here.Length == 0) continue;
            var edit = GridEdit.Redraw(draft.Partition, faces, here, out _, GridEditLimits.Default with { MaxVertices = MostVertices });
            if (edit.IsDone) whole = whole is null ? edit.Change : whole.Then(edit.Change);
            else if (edit.Reason != GridEditReasons.NothingChanges)
            {
                refused = edit;
                break;
            }
        }
        if (refused is not null && whole is not null) draft.Partition.Apply(whole.Inverse());
        return refused ?? (whole is null ? new(null, GridEditReasons.NothingChanges, "what is drawn is on the map already, or lies on none of these grids") : new(whole, null, null));
    }

    /// <summary>What is wrong with the grids as they were drawn, before they were fitted in. A grid that the draft does not have goes by the code it came with, else by its place in the list.</summary>
    public static async Task<IReadOnlyList<PlanFault>> Faults(NpgsqlConnection connection, Plan plan, PlanDraft draft, IReadOnlyList<DrawnGrid> drawn, IReadOnlyList<PlanShape> shapes, CancellationToken cancellation)
    {
        var parent = await connection.QueryOne($"SELECT ST_AsBinary(geom) FROM areas WHERE id = {plan.Area.Id}", row => Wkb.Read(row.GetFieldValue<byte[]>(0)), cancellation);
        var faults = GridPartition.Faults(parent, [.. drawn.Select(grid => grid.Outline)], draft.Partition.Plane, new() { NoiseSquareMetres = 0.5 }, cancellation);
        return [.. faults.Take(MostFaults).Select(fault => new PlanFault(fault.Reason, PlanFaults.Warning, fault.Detail,
            [.. fault.Children.Where(child => child < drawn.Count).Select(child => drawn[child].Face >= 0 ? draft.Key(drawn[child].Face) : shapes[child].Key ?? $"{child + 1}")],
            fault.Place.IsEmpty ? null : new Place(Math.Round(fault.Place.InteriorPoint.X, 7), Math.Round(fault.Place.InteriorPoint.Y, 7)), fault.SquareMetres, null, fault.WidthMetres, null, false))];
    }

    private static Geometry UnionOf(PlanDraft draft, int[] faces) => NetTopologySuite.Operation.Union.UnaryUnionOp.Union(faces.Select(face => (Geometry)draft.Partition.PolygonOf(face)).ToArray());

    private static double Share(Geometry drawn, Geometry area) => drawn.Area > 0 ? OverlayNGRobust.Overlay(drawn, area, SpatialFunction.Intersection).Area / drawn.Area : 0;
}
