using GridMap.Geo.Grids;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using NetTopologySuite.Index.Strtree;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>What is wrong in a draft. Its grids are a partition by construction; left are what borders cut, and how much a grid holds.</summary>
internal static class PlanFaults
{
    public const string Blocking = "blocking", Warning = "warning";

    private const double LeastWidthMetres = 2, LeastCutSquareMetres = 1, ReachDegrees = 0.002;

    /// <summary>Of these grids: of those that the draft changed, or of all how much they hold. A building that the base cut as much already is no fault of the draft.</summary>
    public static async Task<List<PlanFault>> Of(NpgsqlConnection connection, PlanDraft draft, Plan plan, IReadOnlyList<PlanGrid> grids, bool all, CancellationToken cancellation)
    {
        var faces = grids.Where(grid => grid.Changed).Select(grid => draft.Face(grid.Key)!.Value).ToArray();
        var faults = new List<PlanFault>();
        faults.AddRange(await Cut(connection, draft, faces, "buildings", GridFaultReasons.CutsBuilding, Blocking, cancellation));
        faults.AddRange(await Cut(connection, draft, faces, "compounds", GridFaultReasons.CutsCompound, Warning, cancellation));
        foreach (var face in faces)
        {
            var polygon = draft.Partition.PolygonOf(face);
            var shape = draft.Partition.ShapeOf(face);
            if (shape.WidthMetres < LeastWidthMetres)
                faults.Add(new(GridFaultReasons.Sliver, Blocking, $"{draft.Key(face)} is {shape.WidthMetres:0.0} m wide on average.", [draft.Key(face)], PlaceOf(polygon), shape.SquareMetres, null, shape.WidthMetres, LeastWidthMetres, false));
        }
        faults.AddRange(Enclaves(draft, faces));
        // Of grids that are as they were, the draft is not to blame: their meshes are told to those who ask.
        PlanGrid[] counted = [.. grids.Where(grid => all || grid.Changed)];
        Polygon[] polygons = [.. counted.Select(grid => draft.Partition.PolygonOf(draft.Face(grid.Key)!.Value))];
        GridIndicators[] indicators = [.. counted.Select(grid => new GridIndicators(grid.Households, grid.Residents, grid.AreaSquareMetres, grid.Buildings, grid.Incidents12Months, grid.MinutesAcross))];
        faults.AddRange(PlanLimits.Of(plan).Faults(polygons, indicators).Select(fault => (Fault: fault, Grid: counted[fault.Children[0]])).Select(found =>
            new PlanFault(found.Fault.Reason, Warning, $"{found.Grid.Key}: {found.Fault.Detail}.", [found.Grid.Key], PlaceOf(found.Fault.Place), found.Grid.AreaSquareMetres, null, found.Fault.Value, found.Fault.Limit, false, found.Fault.Indicator)));
        return [.. faults.OrderBy(fault => fault.Severity == Blocking ? 0 : 1).ThenByDescending(fault => fault.Code == GridFaultReasons.MeshTooLarge ? fault.Value / fault.Limit : 0)];
    }

    /// <summary>As <see cref="GridPartition"/> names them, for a base that no plan can begin on.</summary>
    public static PlanFault Of(Geometry parent, GridFault fault, IReadOnlyList<BaseGrid> grids, IReadOnlyList<Geometry> holes) =>
        new(fault.Reason, Blocking, fault.Detail, [.. fault.Children.Where(child => child < grids.Count).Select(child => grids[child].Code)], fault.Place.IsEmpty ? null : PlaceOf(fault.Place),
            fault.SquareMetres, null, fault.WidthMetres, null, PlanStart.Repair(parent, grids, holes, fault) is not null);

    /// <summary>Grids, one or several together, in a hole of another, where one of them all is among the changed.</summary>
    private static IEnumerable<PlanFault> Enclaves(PlanDraft draft, int[] changed)
    {
        var partition = draft.Partition;
        var box = new Envelope();
        foreach (var face in changed) box.ExpandToInclude(partition.PolygonOf(face).EnvelopeInternal);
        foreach (var outer in box.IsNull ? [] : partition.Near(box))
        {
            foreach (var hole in partition.PolygonOf(outer).Holes)
            {
                var place = hole.Factory.CreatePolygon(hole);
                var prepared = PreparedGeometryFactory.Prepare(place);
                int[] within = [.. partition.Near(place.EnvelopeInternal).Where(face => face != outer && prepared.Covers(partition.PolygonOf(face)))];
                if (within.Length == 0 || !(changed.Contains(outer) || within.Any(changed.Contains))) continue;
                string[] keys = [.. within.Select(draft.Key)];
                yield return new(GridFaultReasons.Enclave, Warning, $"{string.Join(", ", keys)} {(keys.Length == 1 ? "lies" : "lie")} wholly within {draft.Key(outer)}.",
                    [.. keys, draft.Key(outer)], PlaceOf(partition.PolygonOf(within[0])), within.Sum(face => partition.ShapeOf(face).SquareMetres), null, null, null, false);
            }
        }
    }

    private static async Task<List<PlanFault>> Cut(
        NpgsqlConnection connection, PlanDraft draft, int[] faces, string table, string reason, string severity, CancellationToken cancellation)
    {
        if (faces.Length == 0) return [];
        var boxes = new STRtree<int>();
        foreach (var face in faces)
        {
            var box = draft.Partition.PolygonOf(face).EnvelopeInternal.Copy();
            box.ExpandBy(ReachDegrees);
            boxes.Insert(box, face);
        }
        // On all land around that changed hands, a thing's pieces of now are held against those of the base: no more, and the largest no smaller.
        int[] land = [.. faces, .. draft.Changed().Where(face => !faces.Contains(face) && boxes.Query(draft.Partition.PolygonOf(face).EnvelopeInternal).Count > 0)];
        var now = land.Select(face => Wkb.Write(draft.Partition.PolygonOf(face))).ToArray();
        var before = draft.Claims().Where(grid => boxes.Query(grid.Boundary.EnvelopeInternal).Count > 0).Select(grid => Wkb.Write(grid.Boundary)).ToArray();
        var cuts = await connection.Query($"""
            WITH faces AS MATERIALIZED (SELECT n, ST_GeomFromWKB(wkb, 4326) AS geom FROM unnest({now}::bytea[]) WITH ORDINALITY AS given (wkb, n)),
            base AS MATERIALIZED (SELECT ST_GeomFromWKB(wkb, 4326) AS geom FROM unnest({before}::bytea[]) AS given (wkb)),
            parts AS (
                SELECT things.id, n, ST_Area(ST_Intersection(things.geom, faces.geom)::geography) AS inside, ST_Area(things.geom::geography) AS whole
                FROM faces JOIN {Sql.Trusted(table)} AS things ON things.geom && faces.geom AND ST_Intersects(things.geom, faces.geom) AND NOT ST_CoveredBy(things.geom, faces.geom)
            ), cut AS (
                SELECT id, min(whole) AS whole, max(inside) AS most, count(*) AS pieces, array_agg(n::integer ORDER BY n) AS faces FROM parts
                WHERE inside > {LeastCutSquareMetres} AND whole - inside > {LeastCutSquareMetres} GROUP BY id HAVING bool_or(n <= {faces.Length})
            ), before AS (
                SELECT id, max(inside) AS most, count(*) AS pieces FROM cut JOIN {Sql.Trusted(table)} AS things USING (id) JOIN base ON base.geom && things.geom
                CROSS JOIN LATERAL (SELECT ST_Area(ST_Intersection(things.geom, base.geom)::geography) AS inside) AS part WHERE inside > {LeastCutSquareMetres} GROUP BY id
            )
            SELECT things.code, things.name, faces, least(cut.most, whole - cut.most), ST_X(ST_PointOnSurface(things.geom)), ST_Y(ST_PointOnSurface(things.geom))
            FROM cut JOIN {Sql.Trusted(table)} AS things USING (id) LEFT JOIN before USING (id)
            WHERE before.id IS NULL OR cut.pieces > before.pieces OR cut.most < before.most - {LeastCutSquareMetres}
            ORDER BY 4 DESC, 1 LIMIT 500
            """, row => (Code: row.GetString(0), Name: row.GetString(1), Faces: row.GetFieldValue<int[]>(2), Lost: row.GetDouble(3), Place: new Place(row.GetDouble(4), row.GetDouble(5))), cancellation);
        return [.. cuts.Select(cut => new PlanFault(reason, severity, $"{(cut.Name.Length > 0 ? cut.Name : cut.Code)} is cut: {cut.Lost:0.#} m² lie on the other side.",
            [.. cut.Faces.Select(n => draft.Key(land[n - 1]))], cut.Place, cut.Lost, cut.Code, null, null, false))];
    }

    private static Place PlaceOf(Geometry geometry)
    {
        var point = geometry.InteriorPoint;
        return new Place(Math.Round(point.X, 7), Math.Round(point.Y, 7));
    }
}
