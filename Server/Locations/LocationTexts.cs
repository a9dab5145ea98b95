using System.Runtime.CompilerServices;
using System.Text.Json;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Locations;

/// <summary>What a place's answer is put together from, as JSON made ready once for each <see cref="GridLookup"/>: areas at the start, a grid when it is first asked for.</summary>
public sealed class LocationTexts
{
    private static readonly ConditionalWeakTable<GridLookup, LocationTexts> Ready = [];

    private readonly GridLookup _lookup;
    private readonly JsonSerializerOptions _json;
    private readonly byte[][] _chains, _codesOfChains;
    private readonly GridText?[] _grids;

    private LocationTexts(GridLookup lookup, JsonSerializerOptions json)
    {
        (_lookup, _json, _grids) = (lookup, json, new GridText?[lookup.GridCount]);
        _chains = [.. Enumerable.Range(0, lookup.AreaCount).Select(area => Bytes(lookup.ChainOf(area).Select(up => new AreaRef(up.Id, up.Code, up.Name, up.NameEn, up.Level))))];
        _codesOfChains = [.. Enumerable.Range(0, lookup.AreaCount).Select(area => Bytes(lookup.ChainOf(area).Select(up => up.Code)))];
    }

    public static LocationTexts Of(GridLookup lookup, JsonSerializerOptions json) => Ready.GetValue(lookup, made => new LocationTexts(made, json));

    /// <summary>The areas from the city down; -1 for none.</summary>
    public ReadOnlySpan<byte> Chain(int area) => area < 0 ? "[]"u8 : _chains[area];

    /// <summary>Their codes.</summary>
    public ReadOnlySpan<byte> CodesOfChain(int area) => area < 0 ? "[]"u8 : _codesOfChains[area];

    public GridText Grid(int grid) => _grids[grid] ??= Make(_lookup.Grid(grid));

    private GridText Make(KnownGrid grid)
    {
        var net = grid.Net >= 0 ? _lookup.Nets[grid.Net] : "";
        var empty = Bytes(new GridThere(grid.Id, net, grid.Code, grid.Name, grid.Kind, []));
        return new GridText([.. Bytes(net), (byte)':', .. Bytes(grid.Code)], empty[..^2], // people and the rest come behind the open bracket
            [.. _lookup.DutiesOf(grid).Select(duty => new DutyText(duty.FromMicros, duty.ToMicros, Bytes(new DutyHolder(duty.Role, duty.Person, duty.Phone)), Bytes(new DutyHolder(duty.Role, duty.Person, null))))]);
    }

    private byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, _json);
}

/// <summary>A grid as JSON.</summary>
/// <param name="NetAndCode">A member of an object: the net's code and the grid's.</param>
/// <param name="Head">Everything up to the open bracket of its people.</param>
/// <param name="Duties">Its people, of all times.</param>
public sealed record GridText(byte[] NetAndCode, byte[] Head, DutyText[] Duties);

public sealed record DutyText(long FromMicros, long ToMicros, byte[] WithPhone, byte[] WithoutPhone);
