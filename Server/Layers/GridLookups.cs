using GridMap.Server.Databases;

namespace GridMap.Server.Layers;

/// <summary>
/// Keeps a <see cref="GridLookup"/> of the newest boundaries: made again, once for all who wait, when they have changed. Until it is made PostGIS answers; but
/// where the boundaries were written whole by others, and PostGIS has its hands full, the lookup before does, for seconds at most.
/// </summary>
public sealed class GridLookups
{
    private const int MostTries = 3;

    // A city is made anew in less than a second, in a few when everything is written at once.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Layer MadeOf = new("grid-lookup", "grids", "", "", "") { From = "grids AS t", Columns = [], DependsOn = ["grids", "nets", "areas", "duties"] };

    private readonly Database _database;
    private readonly LayerCopies _copies;
    private readonly LayerCatalog _catalog;
    private readonly Lock _gate = new();
    private volatile GridLookup? _known;
    private Task<GridLookup?>? _making;
    private volatile bool _isWrittenWhole;
    private long _written = long.MinValue, _behindSince;

    public GridLookups(Database database, LayerCopies copies, LayerCatalog catalog)
    {
        (_database, _copies, _catalog) = (database, copies, catalog);
        // When boundaries have been loaded whole, the first to ask need not wait.
        copies.Listen(change =>
        {
            if (change.Touched is not null || change.Layer.Name is not ("grids" or "areas")) return;
            // First without a copy, when it begins to be loaded, and then with it.
            _isWrittenWhole = true;
            if (change.Copy is not null) _ = WhenArrived();
        });
    }

    /// <summary>The lookup of this moment; the one before while that is made of boundaries written whole by others; null when PostGIS must answer.</summary>
    public GridLookup? Ready
    {
        get
        {
            if (_copies.Version(MadeOf) is not { } version || _known is not { } known) return null;
            if (known.Version == version) return known;
            _ = Prepare();
            if (!_isWrittenWhole || known.Version < Interlocked.Read(ref _written)) return null;
            var now = Environment.TickCount64;
            var since = Interlocked.CompareExchange(ref _behindSince, now, 0);
            return now - (since == 0 ? now : since) <= Patience.TotalMilliseconds ? known : null;
        }
    }

    /// <summary>Nobody reads older boundaries any more than those of this moment: they were written here. Where that took long, so may making the lookup, so that the first to ask need not wait.</summary>
    /// <param name="took">How long the writing took.</param>
    public async Task Written(TimeSpan took, CancellationToken cancellation)
    {
        if (_copies.Version(MadeOf) is not { } version)
        {
            _known = null; // which moment it is cannot be said
            return;
        }
        if (_known?.Version == version) return;
        await Task.WhenAny(Prepare(), Task.Delay(took, cancellation));
        lock (_gate) _written = Math.Max(_written, version);
    }

    /// <summary>The lookup of this moment, made if need be (less than a second for a large city); null when PostGIS must answer.</summary>
    public async ValueTask<GridLookup?> Get(CancellationToken cancellation)
    {
        for (var i = 0; i < MostTries; i++)
        {
            if (Ready is { } ready) return ready;
            if (await Prepare().WaitAsync(cancellation) is null) return null;
        }
        return null;
    }

    /// <summary>Begins to make it, if nobody has yet.</summary>
    public Task<GridLookup?> Prepare()
    {
        lock (_gate) return _making ??= Task.Run(Make, CancellationToken.None);
    }

    private async Task WhenArrived()
    {
        await Task.Yield();
        await _copies.CatchUp(CancellationToken.None);
        await Prepare();
    }

    private async Task<GridLookup?> Make()
    {
        try
        {
            if (_copies.Version(MadeOf) is not { } version) return null;
            var made = await Read(version);
            // What was read besides the copies must belong to the same moment.
            await _copies.CatchUp(CancellationToken.None);
            if (made is not null && _copies.Version(MadeOf) == version)
            {
                _known = made;
                _isWrittenWhole = false;
                Interlocked.Exchange(ref _behindSince, 0);
            }
            return made;
        }
        finally
        {
            lock (_gate) _making = null;
        }
    }

    private async Task<GridLookup?> Read(long version)
    {
        if (_catalog.Find("grids") is not { } gridLayer || _copies.Find(gridLayer) is not { } grids || _catalog.Find("areas") is not { } areaLayer || _copies.Find(areaLayer) is not { } areas) return null;
        var none = CancellationToken.None;
        var nets = await _database.Query($"SELECT id, code FROM nets ORDER BY id", row => (Id: row.GetInt64(0), Code: row.GetString(1)), none);
        var gridRanks = (await _database.Query($"SELECT id FROM grids ORDER BY code, id", row => row.GetInt64(0), none)).Index().ToDictionary(row => row.Item, row => row.Index);
        var areaRanks = (await _database.Query($"""
            SELECT id FROM areas ORDER BY CASE level WHEN 'community' THEN 1 WHEN 'street' THEN 2 WHEN 'district' THEN 3 ELSE 4 END, code
            """, row => row.GetInt64(0), none)).Index().ToDictionary(row => row.Item, row => row.Index);
        var duties = await _database.Query($"""
            SELECT net_id, grid_code, role, person, phone, (extract(epoch FROM greatest(valid_from, '0001-01-01'::timestamptz)) * 1000000)::int8 - 946684800000000,
                   (extract(epoch FROM least(valid_to, '9999-12-31'::timestamptz)) * 1000000)::int8 - 946684800000000
            FROM duties WHERE grid_code IS NOT NULL ORDER BY net_id, grid_code, role, person
            """, row => (Net: row.GetInt64(0), Code: row.GetString(1), Duty: new KnownDuty(row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5), row.GetInt64(6))), none);
        var (netCodes, netIds) = (nets.Select(net => net.Code).ToArray(), nets.Index().ToDictionary(net => net.Item.Id, net => net.Index));
        if (grids.Count != gridRanks.Count || areas.Count != areaRanks.Count) return null;
        return new GridLookup(version, netCodes,
            [.. Rows(grids).Where(row => gridRanks.ContainsKey(row.Part.Segment.Ids[row.Row])).Select(row => (Grid(row.Part.Segment, row.Row, gridLayer, netCodes, gridRanks), row.Part.Segment.Geometries, row.Row))],
            [.. Rows(areas).Where(row => areaRanks.ContainsKey(row.Part.Segment.Ids[row.Row])).Select(row => (Area(row.Part.Segment, row.Row, areaLayer, areaRanks), row.Part.Segment.Geometries, row.Row))],
            duties.GroupBy(duty => (netIds.GetValueOrDefault(duty.Net, -1), duty.Code)).ToDictionary(group => group.Key, group => group.Select(duty => duty.Duty).ToArray()));
    }

    private static IEnumerable<(Part Part, int Row)> Rows(LayerCopy copy) =>
        copy.Parts.SelectMany(part => Enumerable.Range(0, part.Segment.Count).Where(part.IsLive).Select(row => (part, row)));

    private static KnownGrid Grid(Segment segment, int row, Layer layer, string[] nets, Dictionary<long, int> ranks) => new(segment.Ids[row],
        Array.IndexOf(nets, Text(segment, row, layer, "net")), Text(segment, row, layer, "code"), Text(segment, row, layer, "name"), Text(segment, row, layer, "kind"),
        Whole(segment, row, layer, "areaId") ?? -1, Whole(segment, row, layer, "validFrom") ?? long.MinValue, Whole(segment, row, layer, "validTo") ?? long.MaxValue, ranks[segment.Ids[row]]);

    private static KnownArea Area(Segment segment, int row, Layer layer, Dictionary<long, int> ranks) => new(segment.Ids[row],
        Text(segment, row, layer, "code"), Text(segment, row, layer, "name"), Text(segment, row, layer, "nameEn"), Text(segment, row, layer, "level"), Whole(segment, row, layer, "parentId"), ranks[segment.Ids[row]]);

    private static string Text(Segment segment, int row, Layer layer, string name)
    {
        var data = (TextData)segment.Columns[layer.Columns.Index().First(column => column.Item.Name == name).Index];
        return data.Codes[row] is var code and > 0 ? System.Text.Encoding.UTF8.GetString(data.Text(code)) : "";
    }

    private static long? Whole(Segment segment, int row, Layer layer, string name)
    {
        var data = (WholeData)segment.Columns[layer.Columns.Index().First(column => column.Item.Name == name).Index];
        return data.TryValue(row, out var value) ? value : null;
    }
}
