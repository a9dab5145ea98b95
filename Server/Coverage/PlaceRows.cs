using System.Collections;
using GridMap.Geo.Roads;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using GridMap.Server.Results;
using GridMap.Server.Walking;
using Npgsql;

namespace GridMap.Server.Coverage;

/// <summary>Coverage building by building, or cell by cell, as rows in the order of their ids. A row is made when it is looked at: of a city's half a million only numbers and codes are kept.</summary>
internal sealed class PlaceRows : IReadOnlyList<ResultRow>
{
    // Tiles keep all rows of an answer in memory.
    private const int MostInTiles = 100_000;

    private static readonly ResultColumn[] Columns =
    [
        new("id", ColumnKind.Integer), new("code", ColumnKind.Text), new("gridId", ColumnKind.Integer), new("residents", ColumnKind.Integer), new("households", ColumnKind.Integer), new("covered", ColumnKind.Integer),
        new("nearestFacility", ColumnKind.Integer), new("nearestName", ColumnKind.Text), new("nearestMetres", ColumnKind.Number), new("offNetwork", ColumnKind.Integer),
    ];

    private readonly WalkingCity _city;
    private readonly IReadOnlyList<WalkingFacility> _facilities;
    private readonly int _limit;
    private readonly int[] _buildings, _millimetres, _nearest;
    private readonly string[] _codes;
    private readonly string _demand;

    /// <param name="known">Lent for this call: what is needed of it is copied.</param>
    /// <param name="areas">Null for everywhere.</param>
    /// <param name="demand">Which of <see cref="WalkAsked.Demand"/> the city's places are.</param>
    public PlaceRows(KnownCoverage known, IReadOnlySet<long>? areas, string demand)
    {
        (_city, _facilities, _limit, _demand) = (known.City, known.Facilities, known.Coverage.LimitMillimetres, demand);
        var ids = _city.Buildings.Ids;
        _buildings = [.. Enumerable.Range(0, ids.Length).Where(i => areas is null || areas.Contains(_city.Buildings.Areas[i]))];
        Array.Sort(_buildings, (a, b) => ids[a].CompareTo(ids[b]));
        (_millimetres, _nearest, _codes) = (new int[_buildings.Length], new int[_buildings.Length], new string[_buildings.Length]);
        for (var row = 0; row < _buildings.Length; row++) (_millimetres[row], _nearest[row]) = (known.Coverage.Millimetres[_buildings[row]], known.Coverage.Nearest[_buildings[row]]);
    }

    public int Count => _buildings.Length;

    public ResultRow this[int row]
    {
        get
        {
            var (i, all) = (_buildings[row], _city.Buildings);
            var isOff = !all.At[i].IsOnNetwork;
            var facility = _nearest[row] >= 0 && _millimetres[row] != RoadNetwork.NoWay ? _facilities[_nearest[row]] : null;
            return new(double.IsFinite(all.Lons[i]) && double.IsFinite(all.Lats[i]) ? ResultLayer.Point(default(Datum).FromStored(all.Lons[i], all.Lats[i])) : null,
            [
                all.Ids[i], _codes[row], all.Grids[i] == 0 ? null : all.Grids[i], (long)all.People.Residents[i], (long)all.People.Households[i], facility is not null && _millimetres[row] <= _limit ? 1L : 0L,
                facility?.Id, facility?.Name, facility is null ? null : _millimetres[row] / 1000.0, isOff ? 1L : 0L,
            ]);
        }
    }

    /// <exception cref="Refused">More than tiles can be cut of.</exception>
    public async Task<ResultLayer> Layer(IReadOnlyList<(string, object?)> about, string format, NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (format is "mvt" or "tilejson" && Count > MostInTiles) throw Refused.Field("areaId", "coverage.too-many-buildings", $"an area with at most {MostInTiles} {_demand} for tiles; files have room for all");
        await ReadCodes(connection, cancellation);
        return new($"coverage-by-{(_demand == WalkAsked.Cells ? "cell" : "building")}", "point", Columns, this, about);
    }

    public IEnumerator<ResultRow> GetEnumerator()
    {
        for (var row = 0; row < Count; row++) yield return this[row];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Both are in the order of ids; a building that has come or gone since the network was read is passed over.
    private async Task ReadCodes(NpgsqlConnection connection, CancellationToken cancellation)
    {
        Array.Fill(_codes, "");
        if (Count == 0) return;
        var (ids, at) = (_city.Buildings.Ids, 0);
        await using var command = Sql.Of($"SELECT id, code FROM {Sql.Trusted(_demand == WalkAsked.Cells ? "population_cells" : "buildings")} WHERE id BETWEEN {ids[_buildings[0]]} AND {ids[_buildings[^1]]} ORDER BY id").ToCommand(connection);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (at < Count && await row.ReadAsync(cancellation))
        {
            var id = row.GetInt64(0);
            while (at < Count && ids[_buildings[at]] < id) at++;
            if (at < Count && ids[_buildings[at]] == id) _codes[at] = row.GetString(1);
        }
    }
}
