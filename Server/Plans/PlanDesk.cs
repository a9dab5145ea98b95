using System.Collections.Concurrent;
using System.Text.Json;
using GridMap.Geo.Grids;
using GridMap.Geo.Projections;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Plans;

/// <summary>Opens plans, and keeps the ones in work open. What is in memory is a copy: a plan that another server has edited is opened anew.</summary>
public sealed class PlanDesk
{
    private const int MostOpen = 64;

    private sealed class Place
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);
        public PlanDraft? Draft { get; set; }
        public long Used { get; set; }
    }

    private readonly ConcurrentDictionary<long, Place> _places = [];
    private long _clock;

    /// <summary>One at a time for a plan: gets its draft as the tables have it, and forgets it when the work fails, for it may be half done.</summary>
    internal async Task<T> Use<T>(NpgsqlConnection connection, long planId, int version, int position, Func<PlanDraft, Task<T>> work, CancellationToken cancellation)
    {
        var place = _places.GetOrAdd(planId, _ => new Place());
        await place.Turn.WaitAsync(cancellation);
        try
        {
            if (place.Draft is not { } draft || draft.Version != version || draft.Position != position)
                place.Draft = draft = await Open(connection, planId, version, position, cancellation);
            place.Used = Interlocked.Increment(ref _clock);
            return await work(draft);
        }
        catch (Exception exception) when (exception is not Refused)
        {
            // A refusal comes before anything is touched; after anything else the draft may be half done.
            place.Draft = null;
            throw;
        }
        finally
        {
            place.Turn.Release();
            Tidy();
        }
    }

    /// <summary>After a transaction that did not commit.</summary>
    public void Forget(long planId)
    {
        if (_places.TryGetValue(planId, out var place)) place.Draft = null;
    }

    private void Tidy()
    {
        if (_places.Count <= MostOpen) return;
        foreach (var (id, place) in _places.OrderBy(pair => pair.Value.Used).Take(_places.Count - MostOpen))
        {
            // One that is in use now stays.
            if (place.Turn.CurrentCount == 1 && _places.TryRemove(id, out var old)) old.Draft = null;
        }
    }

    private static async Task<PlanDraft> Open(NpgsqlConnection connection, long planId, int version, int position, CancellationToken cancellation)
    {
        var grids = await connection.Query($"""
            SELECT plan_grids.face, plan_grids.grid_id, grids.code, grids.name, grids.area_id, plan_grids.wkb, plan_grids.wkb <> ST_AsBinary(grids.geom)
            FROM plan_grids JOIN grids ON grids.id = plan_grids.grid_id WHERE plan_id = {planId} ORDER BY face
            """, row => new BaseGrid(row.GetInt32(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetInt64(4), Wkb.Read(row.GetFieldValue<byte[]>(5)), row.GetBoolean(6)), cancellation);
        var plane = MetricPlane.ForSrid(await connection.Scalar<int>($"SELECT metric_srid FROM city", cancellation));
        var holes = await connection.Query($"SELECT wkb FROM plan_holes WHERE plan_id = {planId} ORDER BY hole", row => Wkb.Read(row.GetFieldValue<byte[]>(0)), cancellation);
        var (built, areas) = Build(grids, holes, plane, cancellation);
        var draft = new PlanDraft(planId, version, grids, built.Partition ?? throw new InvalidOperationException($"plan {planId} begins with faults"), areas);
        var steps = await connection.Query($"SELECT step, change, command FROM plan_steps WHERE plan_id = {planId} ORDER BY step",
            row => (Step: row.GetInt32(0), Change: row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1), Command: row.GetString(2)), cancellation);
        foreach (var (step, bytes, command) in steps)
        {
            var change = bytes is null ? null : ArcChange.FromBytes(bytes);
            draft.Changes.Add(change);
            if (step <= position && change is not null) draft.Partition.Apply(change);
            if (change is null) Rename(draft, step, command);
        }
        draft.Position = position;
        return draft;
    }

    internal static (ArcPartitionResult Built, long[] Areas) Build(IReadOnlyList<BaseGrid> grids, IReadOnlyList<NetTopologySuite.Geometries.Geometry> holes, MetricPlane plane, CancellationToken cancellation)
    {
        var areas = grids.Select(grid => grid.AreaId).Distinct().Order().ToArray();
        return (ArcPartition.Build(null, [.. grids.Select(grid => grid.Boundary)], plane, [.. grids.Select(grid => Array.BinarySearch(areas, grid.AreaId))], holes, cancellation), areas);
    }

    private static void Rename(PlanDraft draft, int step, string command)
    {
        using var read = JsonDocument.Parse(command);
        if (read.RootElement.TryGetProperty("face", out var face)) draft.Names.Add((step, face.GetInt32(), read.RootElement.GetProperty("newName").GetString()!));
    }
}
