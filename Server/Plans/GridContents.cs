using System.Buffers;
using GridMap.Geo.Packed;
using GridMap.Geo.Roads;
using GridMap.Server.Layers;
using GridMap.Server.Walking;

namespace GridMap.Server.Plans;

/// <summary>
/// What lies in boundaries, counted from memory: buildings by their representative points, incidents by their places, each in the first boundary that meets it, as
/// PostGIS' <c>ST_Intersects</c> does. Costs what lies around the boundaries, not what the city has.
/// </summary>
internal sealed class GridContents
{
    public readonly record struct Home(long Buildings, long Households, long Residents, double? MetresToCentre);

    private readonly GeometryArena _boundaries;
    private readonly PackedBox[] _boxes;

    /// <exception cref="NotPackableException">A boundary off the lattice.</exception>
    public GridContents(IReadOnlyList<byte[]> boundaries)
    {
        var builder = new GeometryArenaBuilder(0, 0);
        _boxes = [.. boundaries.Select(wkb => builder.Add(wkb))];
        _boundaries = builder.Build();
    }

    /// <summary>Buildings and who lives there, with the mean walk of the residents to the nearest service centre; null where nobody lives who can walk to one.</summary>
    public Home[] Homes(WalkingCity city)
    {
        var (buildings, walks) = (city.Buildings, ServiceCentreWalks.Of(city));
        var homes = new Home[_boxes.Length];
        var taken = Rent(buildings.Count);
        for (var n = 0; n < _boxes.Length; n++)
        {
            long count = 0, households = 0, residents = 0, walkers = 0;
            double metres = 0;
            var hits = new Hits();
            city.Places.Find(_boxes[n], PackedBox.Nothing, ref hits);
            for (var i = 0; i < hits.Count; i++)
            {
                var building = hits.Item(i);
                if (RowBits.Has(taken, building) || !PointTest.Meets(_boundaries.Read(n), buildings.Lons[building], buildings.Lats[building])) continue;
                RowBits.Set(taken, building);
                var living = buildings.People.Residents[building];
                (count, households, residents) = (count + 1, households + buildings.People.Households[building], residents + living);
                if (walks[building] == RoadNetwork.NoWay) continue;
                (walkers, metres) = (walkers + living, metres + (living * (walks[building] / 1000.0)));
            }
            hits.Dispose();
            homes[n] = new(count, households, residents, walkers > 0 ? metres / walkers : null);
        }
        ArrayPool<ulong>.Shared.Return(taken);
        return homes;
    }

    /// <summary>How many of the layer's incidents were reported after a time.</summary>
    public long[] Incidents(LayerCopy incidents, DateTime after)
    {
        var counts = new long[_boxes.Length];
        var reported = incidents.Layer.Columns.Single(column => column.Sql == incidents.Layer.TimeStart);
        foreach (var part in incidents.Parts)
        {
            var segment = part.Segment;
            var taken = Rent(segment.Count);
            var late = RowTests.Of(segment, incidents.Layer, PropertyTest.Compare(reported, TestKind.Greater, after));
            for (var n = 0; n < _boxes.Length; n++)
            {
                var hits = new Hits();
                segment.Tree.Find(_boxes[n], PackedBox.Nothing, ref hits);
                for (var i = 0; i < hits.Count; i++)
                {
                    var row = hits.Item(i);
                    if (RowBits.Has(taken, row) || !part.IsLive(row) || !late.Passes(row)) continue;
                    var at = segment.Geometries.Read(row);
                    at.Next();
                    if (!PointTest.Meets(_boundaries.Read(n), at.X / 1e7, at.Y / 1e7)) continue;
                    RowBits.Set(taken, row);
                    counts[n]++;
                }
                hits.Dispose();
            }
            ArrayPool<ulong>.Shared.Return(taken);
        }
        return counts;
    }

    // A bit for each row of a large layer: made anew for every edit, they would keep the collector busy.
    private static ulong[] Rent(int rows)
    {
        var bits = ArrayPool<ulong>.Shared.Rent(Math.Max(1, RowBits.Words(rows)));
        bits.AsSpan(0, RowBits.Words(rows)).Clear();
        return bits;
    }
}
