using GridMap.Geo.Projections;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using NetTopologySuite.Index.Strtree;
using NetTopologySuite.Operation.Overlay;
using NetTopologySuite.Operation.OverlayNG;

namespace GridMap.Geo.Grids;

/// <summary>What grid borders do to what stands there: buildings and compounds that they cut, grids that they lock in.</summary>
/// <remarks>Cost: about 3 µs for a thing that lies in one grid; a tenth of a millisecond for one on a border.</remarks>
public static class GridCuts
{
    /// <summary>Things that lie in more than one grid, largest lost part first.</summary>
    /// <param name="grids">One net, in lon, lat.</param>
    /// <param name="things">Footprints of buildings, outlines of compounds.</param>
    /// <param name="reason"><see cref="GridFaultReasons.CutsBuilding"/> or <see cref="GridFaultReasons.CutsCompound"/>.</param>
    /// <param name="plane">Where to measure.</param>
    /// <param name="toleratedSquareMetres">Parts up to this are taken for drawing, not for cutting.</param>
    /// <param name="cancellationToken">Looked at between things.</param>
    /// <returns>The place is the part lost to other grids than the one with the largest part; the thing is named by its index.</returns>
    public static IReadOnlyList<GridFault> Faults(
        IReadOnlyList<Geometry> grids, IReadOnlyList<Geometry> things, string reason, MetricPlane plane, double toleratedSquareMetres = 1,
        CancellationToken cancellationToken = default)
    {
        var tree = new STRtree<int>();
        for (var i = 0; i < grids.Count; i++) tree.Insert(grids[i].EnvelopeInternal, i);
        tree.Build();
        var prepared = new IPreparedGeometry?[grids.Count];
        var faults = new List<GridFault>();
        for (var t = 0; t < things.Count; t++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (things[t].IsEmpty) continue;
            var near = tree.Query(things[t].EnvelopeInternal);
            if (near.Any(grid => (prepared[grid] ??= PreparedGeometryFactory.Prepare(grids[grid])).Covers(things[t]))) continue;
            var parts = new List<(int Grid, Geometry Part, double SquareMetres)>();
            foreach (var grid in near.Order())
            {
                if (PartitionFaces.AreaOf(OverlayNGRobust.Overlay(grids[grid], things[t], SpatialFunction.Intersection)) is not { } part) continue;
                var size = GridShape.Of(part, plane).SquareMetres;
                if (size > toleratedSquareMetres) parts.Add((grid, part, size));
            }

            if (parts.Count < 2) continue;
            var lost = parts.OrderByDescending(part => part.SquareMetres).Skip(1).ToArray();
            var place = lost.Length == 1 ? lost[0].Part : OverlayNGRobust.Union(GridPartition.Factory.BuildGeometry(lost.Select(part => part.Part)));
            var shape = GridShape.Of(place, plane);
            faults.Add(new(reason, place, shape.SquareMetres, shape.WidthMetres, [.. parts.Select(part => part.Grid)], $"{shape.SquareMetres:F1} m² are cut off") { Thing = t });
        }

        return [.. faults.OrderByDescending(fault => fault.SquareMetres)];
    }

    /// <summary>Grids that lie wholly within another grid: the outer one first, then those within.</summary>
    public static IReadOnlyList<GridFault> Enclaves(IReadOnlyList<Geometry> grids, MetricPlane plane)
    {
        var tree = new STRtree<int>();
        for (var i = 0; i < grids.Count; i++) tree.Insert(grids[i].EnvelopeInternal, i);
        tree.Build();
        var faults = new List<GridFault>();
        for (var i = 0; i < grids.Count; i++)
        {
            foreach (var hole in (GridShape.Parts(grids[i]) ?? []).SelectMany(part => part.Holes))
            {
                var place = GridPartition.Factory.CreatePolygon(hole);
                var prepared = PreparedGeometryFactory.Prepare(place);
                int[] within = [.. tree.Query(place.EnvelopeInternal).Where(other => other != i && prepared.Covers(grids[other])).Order()];
                if (within.Length == 0) continue;
                var shape = GridShape.Of(place, plane);
                faults.Add(new(GridFaultReasons.Enclave, place, shape.SquareMetres, shape.WidthMetres, [i, .. within], $"{within.Length} grid(s) within another"));
            }
        }

        return faults;
    }
}
