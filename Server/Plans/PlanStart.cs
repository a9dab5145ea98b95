using System.Globalization;
using System.Text.RegularExpressions;
using GridMap.Geo.Grids;
using GridMap.Geo.Projections;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>Begins a plan: the grids of a net in an area at a date, which must tile it exactly or be repairable without doubt.</summary>
internal static partial class PlanStart
{
    private const int MostGrids = 20_000, MostRepairs = 1_000;

    // Degrees: places are told with seven decimals.
    private const double AtThePlace = 1e-6;

    private const double TwoSteps = 2e-7;

    // Of 1e-7 degrees, across.
    private const double HalfAStepMetres = 0.008;

    public static async Task<long> Begin(NpgsqlConnection connection, Caller caller, PlanWanted wanted, DateTime baseAt, CancellationToken cancellation)
    {
        await AreaScope.Check(connection, caller, wanted.AreaId, cancellation);
        var net = await connection.Scalar<long>($"SELECT id FROM nets WHERE code = {wanted.Net}", cancellation);
        if (net == 0) throw Refused.Field("net", "net.unknown", "the code of a net");
        var parent = await connection.QueryOne($"SELECT ST_AsBinary(geom) FROM areas WHERE id = {wanted.AreaId}", row => Wkb.Read(row.GetFieldValue<byte[]>(0)), cancellation)
            ?? throw Refused.Field("areaId", "area.not-found", "the id of an area");
        var grids = await Grids(connection, net, wanted.AreaId, baseAt, cancellation);
        var holes = await GridHoles.In(connection, net, wanted.AreaId, baseAt, cancellation);
        if (grids.Count == 0) throw new Refused("plan.no-grids", "The net has no grid in this area at this time.");
        if (grids.Count > MostGrids) throw new Refused("plan.too-many-grids", $"The area has more than {MostGrids} grids: plan a part of it.");

        var plane = MetricPlane.ForSrid(await connection.Scalar<int>($"SELECT metric_srid FROM city", cancellation));
        if (wanted.Repair || wanted.Decisions is { Count: > 0 }) (grids, holes) = Repaired(parent, grids, holes, plane, wanted.Decisions ?? [], cancellation);
        var faults = Faults(parent, grids, holes, plane, cancellation);
        faults = [.. faults.Where(fault => !IsOfTheLattice(fault, parent.Boundary))];
        if (faults.Count == 0) faults = PlanDesk.Build(grids, holes, plane, cancellation).Built.Faults;
        if (faults.Count > 0)
        {
            throw new Refused("plan.base-has-faults", $"The grids do not tile the area: {faults.Count} fault(s). Those marked repairable can be repaired with \"repair\": true.",
                faults: faults.Take(200).Select(fault => PlanFaults.Of(parent, fault, grids, holes)).ToList());
        }
        var id = await connection.Scalar<long>($"""
            INSERT INTO plans (name, net_id, area_id, base_at, least, most, limits, created_by)
            VALUES ({wanted.Name.Trim()}, {net}, {wanted.AreaId}, {baseAt}, {wanted.Least}, {wanted.Most}, {(wanted.Limits ?? new()).Text()}::jsonb, {caller.Name}) RETURNING id
            """, cancellation);
        await connection.Execute($"""
            INSERT INTO plan_grids (plan_id, face, grid_id, wkb)
            SELECT {id}, face, grid_id, wkb FROM unnest({grids.Select(grid => grid.Face).ToArray()}, {grids.Select(grid => grid.GridId).ToArray()}, {grids.Select(grid => Wkb.Write(grid.Boundary)).ToArray()}) AS given (face, grid_id, wkb)
            """, cancellation);
        await connection.Execute($"INSERT INTO plan_holes (plan_id, hole, wkb) SELECT {id}, n, wkb FROM unnest({holes.Select(Wkb.Write).ToArray()}::bytea[]) WITH ORDINALITY AS given (wkb, n)", cancellation);
        return id;
    }

    /// <summary>The moment from which the boundaries of a plan's area are those that nothing published changes any more: now, or a day to come.</summary>
    public static Task<DateTime> LatestBase(NpgsqlConnection connection, Plan plan, DateTime now, CancellationToken cancellation) => connection.Scalar<DateTime>($"""
        SELECT greatest({now}, coalesce(max(valid_from) FILTER (WHERE isfinite(valid_from)), {now})) FROM grids JOIN nets ON nets.id = net_id AND nets.code = {plan.Net}
        WHERE valid_to = 'infinity' AND area_id IN (SELECT areas_below({plan.Area.Id}))
        """, cancellation);

    /// <summary>The base grids of a net in an area at a date, numbered as a plan numbers them; one more than a plan may have, at most.</summary>
    public static Task<List<BaseGrid>> Grids(NpgsqlConnection connection, long net, long area, DateTime at, CancellationToken cancellation) => connection.Query($"""
        SELECT (row_number() OVER (ORDER BY grids.code) - 1)::integer, grids.id, grids.code, grids.name, grids.area_id, ST_AsBinary(grids.geom)
        FROM grids WHERE net_id = {net} AND kind = 'base' AND valid_from <= {at} AND valid_to > {at} AND area_id IN (SELECT areas_below({area}))
        ORDER BY grids.code LIMIT {MostGrids + 1}
        """, row => new BaseGrid(row.GetInt32(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetInt64(4), Wkb.Read(row.GetFieldValue<byte[]>(5))), cancellation);

    // However small: what is too small to be told would keep the grids from being built, and could not be repaired.
    private static IReadOnlyList<GridFault> Faults(Geometry parent, List<BaseGrid> grids, List<Geometry> holes, MetricPlane plane, CancellationToken cancellation) =>
        GridPartition.Faults(parent, [.. grids.Select(grid => grid.Boundary), .. holes], plane, new() { MinGridWidthMetres = 0, NoiseSquareMetres = 0 }, cancellation);

    // Corners stand on a lattice: one that divides a straight border of the area stands beside it by up to half a step, and neither of the two can be moved
    // to the other; one that stands on it exactly is no vertex of the area's. Between grids every hair is a fault.
    private static bool IsOfTheLattice(GridFault fault, Geometry border) => fault.Reason == GridFaultReasons.MismatchedEdge ? fault.OfParentOnly
        : fault.Reason is GridFaultReasons.OutsideParent or GridFaultReasons.SliverGap && fault.WidthMetres < HalfAStepMetres && fault.Place.Coordinates.All(at => border.IsWithinDistance(border.Factory.CreatePoint(at), TwoSteps));

    private static (List<BaseGrid> Grids, List<Geometry> Holes) Repaired(Geometry parent, List<BaseGrid> grids, List<Geometry> holes, MetricPlane plane, IReadOnlyList<RepairDecision> decisions, CancellationToken cancellation)
    {
        var (repaired, holed) = (grids.ToList(), holes.ToList());
        var decided = decisions.Select((decision, index) => new Decision(index, decision)).ToList();
        for (var repair = 0; repair < MostRepairs; repair++)
        {
            var faults = Faults(parent, repaired, holed, plane, cancellation);
            foreach (var decision in decided) decision.Look(faults);
            foreach (var decision in decided)
            {
                if (decided.Find(other => other.Index < decision.Index && other.Contradicts(decision)) is { } first)
                    throw Refused.Field($"decisions[{decision.Index}].grid", "decision.contradiction", $"the same grid as decisions[{first.Index}], which is about the same place");
            }
            if (faults.Select(fault => Repair(parent, repaired, holed, fault) ?? Decided(parent, repaired, holed, fault, decided)).FirstOrDefault(found => found is not null) is not { } redrawn) break;
            foreach (var (land, polygon) in redrawn)
            {
                if (land < repaired.Count) repaired[land] = repaired[land] with { Boundary = polygon };
                else holed[land - repaired.Count] = polygon;
            }
        }
        if (decided.Find(decision => !decision.HasFault) is { } idle) throw Refused.Field($"decisions[{idle.Index}].place", "decision.no-fault", "a place in a gap or an overlap of these grids");
        return (repaired, holed);
    }

    /// <summary>A decision and the fault at its place, as it was first seen: where a repair beside it cuts that in two, both parts are settled alike.</summary>
    private sealed class Decision(int index, RepairDecision wanted)
    {
        private GridFault? _fault;

        public int Index => index;

        public RepairDecision Wanted => wanted;

        public bool HasFault => _fault is not null;

        public void Look(IReadOnlyList<GridFault> faults)
        {
            var place = new Point(wanted.Place.Lon, wanted.Place.Lat);
            _fault ??= faults.FirstOrDefault(fault => IsOpen(fault) && fault.Place.Distance(place) < AtThePlace);
        }

        public bool Contradicts(Decision other) => _fault is not null && ReferenceEquals(_fault, other._fault) && wanted.Grid != other.Wanted.Grid;

        public bool IsAbout(GridFault fault) =>
            _fault is { } first && first.Reason == fault.Reason && first.Children.SequenceEqual(fault.Children) && first.Place.Distance(fault.Place.InteriorPoint) < AtThePlace;
    }

    private static bool IsOpen(GridFault fault) => fault.Reason is GridFaultReasons.Gap or GridFaultReasons.Overlap;

    /// <summary>The grids that the decision about this fault redraws; null when there is none.</summary>
    private static IReadOnlyDictionary<int, Polygon>? Decided(Geometry parent, List<BaseGrid> grids, List<Geometry> holes, GridFault fault, List<Decision> decisions)
    {
        if (!IsOpen(fault)) return null;
        if (decisions.Find(each => each.IsAbout(fault)) is not { } decision) return null;
        var winner = fault.Children.Where(child => child < grids.Count && grids[child].Code == decision.Wanted.Grid).DefaultIfEmpty(-1).First();
        if (winner < 0)
            throw Refused.Field($"decisions[{decision.Index}].grid", "decision.not-beside", $"one of {string.Join(", ", fault.Children.Where(child => child < grids.Count).Select(child => grids[child].Code))}");
        var repaired = PartitionRepair.Repair(parent, [.. grids.Select(grid => grid.Boundary), .. holes], fault, winner);
        if (repaired.Grids is null)
        {
            // The repair knows grids by number, people by code.
            var detail = NumberedGrid().Replace(repaired.Detail!, match =>
                int.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture) is var index && index < grids.Count ? $"grid {grids[index].Code}" : "a declared hole");
            throw Refused.Field($"decisions[{decision.Index}]", repaired.Reason!, $"a decision that can be carried out: {detail}");
        }
        return repaired.Grids;
    }

    /// <summary>The grids, and behind them the holes, that a safe repair redraws; or null. Borders between areas stay where they are.</summary>
    public static IReadOnlyDictionary<int, Polygon>? Repair(Geometry? parent, IReadOnlyList<BaseGrid> grids, IReadOnlyList<Geometry> holes, GridFault fault)
    {
        // What takes more than a hair from a declared hole is for people to decide.
        if (fault.Children.Any(child => child >= grids.Count) && fault.WidthMetres >= HalfAStepMetres) return null;
        var touching = fault.Reason == GridFaultReasons.SelfTouching;
        if (!touching && !PartitionRepair.IsSafe(fault)) return null;
        var redrawn = PartitionRepair.Repair(parent, [.. grids.Select(grid => grid.Boundary), .. holes], fault).Grids;
        return redrawn is not null && touching && redrawn.Keys.Where(land => land < grids.Count).Select(land => grids[land].AreaId).Distinct().Count() > 1 ? null : redrawn;
    }

    [GeneratedRegex("grid (?<n>[0-9]+)", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex NumberedGrid();
}
