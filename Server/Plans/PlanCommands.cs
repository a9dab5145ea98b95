using GridMap.Geo.GeoJson;
using GridMap.Geo.Grids;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>Reads an edit, field by field, and makes it on the draft's partition.</summary>
internal static class PlanCommands
{
    public static readonly string[] Types =
        ["split", "merge", "reshape", "transfer", "draw", "move-vertex", "insert-vertex", "delete-vertex", "simplify", "snap-to-streets", "delineate", "redraw", "rename"];

    private static readonly GeoJsonLimits Drawn = new() { MaxVertices = 5_000, MaxPairs = 200_000 };

    /// <exception cref="Refused">A field is missing or wrong, or the edit would leave no partition.</exception>
    public static async Task<ArcChange?> Make(NpgsqlConnection connection, PlanDraft draft, Plan plan, PlanCommand command, PlanProposer proposer, CancellationToken cancellation)
    {
        var (partition, errors) = (draft.Partition, new List<FieldError>());
        if (!Types.Contains(command.Type)) throw Refused.Field("type", "choice.unknown", $"one of {string.Join(", ", Types)}");
        if (command.Note is { Length: > 200 }) errors.Add(new FieldError("note", "text.length", "at most 200 characters"));
        var grids = Grids(draft, command, errors);
        var to = command.Type is "transfer" ? Face(draft, command.To, "to", errors) : 0;
        var isOfBlocks = command.Type is "transfer" && (command.Places is not null || command.Buildings is not null);
        if (isOfBlocks && command.Geometry is not null) errors.Add(new FieldError("geometry", "parameter.either", "either geometry, or places and buildings"));
        var geometry = command.Type is "split" or "reshape" or "transfer" or "draw" && !isOfBlocks ? Shape(command, errors) : null;
        var at = command.Type is "move-vertex" or "insert-vertex" or "delete-vertex" ? Position(command.At, "at", errors) : null;
        var target = command.Type is "move-vertex" ? Position(command.Target, "target", errors) : null;
        var tolerance = Within(command.ToleranceSquareMetres ?? 10, 0.01, 100_000, "toleranceSquareMetres", errors);
        var reach = Within(command.ReachMetres ?? (command.Type == "insert-vertex" ? 5 : 30), 0.1, 200, "reachMetres", errors);
        if (command.Type == "rename" && (command.Name ?? "").Trim().Length is < 1 or > 100) errors.Add(new FieldError("name", "text.length", "1 to 100 characters"));
        var proposals = command.Type == "delineate" ? Proposals(command, errors) : null;
        var drawn = command.Type == "redraw" ? PlanRedraw.Read(draft, command, errors) : null;
        if (command.Choice is < 0 or > 19) errors.Add(new FieldError("choice", "number.out-of-range", "a whole number from 0 to 19"));
        if (errors.Count > 0) throw Refused.Fields(errors);
        if (isOfBlocks) geometry = await PlanBlockEdits.Land(connection, plan, draft, command, cancellation);

        var result = command.Type switch
        {
            "split" => GridEdit.Split(partition, grids, Lines(geometry!)),
            "merge" => GridEdit.Merge(partition, grids[0], [.. grids.Skip(1)]),
            "reshape" => GridEdit.Reshape(partition, grids[0], grids[1], Lines(geometry!)[0]),
            "transfer" => GridEdit.Transfer(partition, geometry!, to),
            "draw" => GridEdit.Draw(partition, geometry!),
            "move-vertex" => GridEdit.MoveVertex(partition, at!, target!),
            "insert-vertex" => GridEdit.InsertVertex(partition, at!, reach),
            "delete-vertex" => GridEdit.DeleteVertex(partition, at!),
            "simplify" => GridEdit.Simplify(partition, grids, tolerance),
            "snap-to-streets" => GridEdit.SnapToStreets(partition, grids[0], grids[1], await Streets(connection, draft, grids, reach, cancellation), reach),
            "delineate" => await proposer.Make(connection, draft, plan, proposals!, command.Choice ?? 0, cancellation),
            "redraw" => PlanRedraw.Make(draft, drawn!),
            _ => null,
        };
        if (result is null) return null;
        if (result.IsDone) return result.Change;
        throw new Refused("plan.edit-refused", $"{result.Detail}.", [new FieldError(command.Type, result.Reason, result.Detail)],
            new[] { new PlanFault(result.Reason, "blocking", result.Detail, [], result.Place is { } p ? new Place(p.Lon, p.Lat) : null, null, null, null, null, false) });
    }

    /// <summary>What a delineation asks the machine for; null, with the reasons, where it cannot be meant.</summary>
    public static ProposalsWanted? Proposals(PlanCommand command, List<FieldError> errors)
    {
        var before = errors.Count;
        var wanted = PlanDivisions.Wanted(
            new(command.AreaId ?? 0, command.Keep ?? 0, command.Seed ?? 1, command.KeepCompounds ?? false, command.Weights, command.Least, command.Most, command.Nets), errors);
        return errors.Count == before ? wanted : null;
    }

    private static List<int> Grids(PlanDraft draft, PlanCommand command, List<FieldError> errors)
    {
        var (least, most) = command.Type switch
        {
            "split" or "simplify" => (1, 1_000),
            "merge" => (2, 100),
            "reshape" or "snap-to-streets" => (2, 2),
            "rename" => (1, 1),
            _ => (0, 0),
        };
        var keys = command.Grids ?? [];
        if (keys.Count < least || keys.Count > most) errors.Add(new FieldError("grids", "list.length", least == most ? $"{least} grids" : $"{least} to {most} grids"));
        return [.. keys.Take(most).Select((key, i) => Face(draft, key, $"grids[{i}]", errors))];
    }

    private static int Face(PlanDraft draft, string? key, string field, List<FieldError> errors)
    {
        if (key is not null && draft.Face(key) is { } face) return face;
        errors.Add(new FieldError(field, "grid.unknown", "the code of a grid of this draft, or # and the number of a new one"));
        return -1;
    }

    private static Geometry? Shape(PlanCommand command, List<FieldError> errors)
    {
        if (command.Geometry is not { } element)
        {
            errors.Add(new FieldError("geometry", "field.missing", command.Type is "split" or "reshape" ? "a LineString" : "a Polygon"));
            return null;
        }
        var types = command.Type is "split" ? GeoJsonTypes.LineString | GeoJsonTypes.MultiLineString : command.Type is "reshape" ? GeoJsonTypes.LineString : GeoJsonTypes.Polygons;
        var read = GeoJsonReader.Read(element, Drawn with { Types = types });
        if (!read.IsRead) errors.Add(new FieldError("geometry" + read.Path?.TrimStart('$'), read.Reason!, GeoJsonWords.Expected(read.Detail)));
        return read.Geometry;
    }

    private static Coordinate? Position(double[]? at, string field, List<FieldError> errors)
    {
        if (at is [>= -180 and <= 180, >= -90 and <= 90]) return new Coordinate(at[0], at[1]);
        errors.Add(new FieldError(field, "position.unreadable", "a position [lon, lat]"));
        return null;
    }

    private static double Within(double value, double least, double most, string field, List<FieldError> errors)
    {
        if (!(value >= least && value <= most)) errors.Add(new FieldError(field, "number.out-of-range", $"a number from {least} to {most}"));
        return Math.Clamp(double.IsNaN(value) ? least : value, least, most);
    }

    private static List<LineString> Lines(Geometry geometry) => [.. Enumerable.Range(0, geometry.NumGeometries).Select(i => (LineString)geometry.GetGeometryN(i))];

    // Grids end on streets that carry traffic; a footpath may well lead through a compound.
    private static async Task<List<LineString>> Streets(NpgsqlConnection connection, PlanDraft draft, List<int> grids, double reach, CancellationToken cancellation)
    {
        var box = draft.Partition.PolygonOf(grids[0]).EnvelopeInternal.Copy();
        box.ExpandToInclude(draft.Partition.PolygonOf(grids[1]).EnvelopeInternal);
        box.ExpandBy(reach / 80_000);
        return await connection.Query($"""
            SELECT ST_AsBinary(geom) FROM roads
            WHERE geom && ST_MakeEnvelope({box.MinX}, {box.MinY}, {box.MaxX}, {box.MaxY}, 4326) AND class IN ('expressway', 'ring', 'arterial', 'collector', 'lane') AND NOT tunnel
            ORDER BY id LIMIT 5000
            """, row => (LineString)Wkb.Read(row.GetFieldValue<byte[]>(0)), cancellation);
    }
}
