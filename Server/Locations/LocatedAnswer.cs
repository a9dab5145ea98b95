using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using GridMap.Geo.Packed;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace GridMap.Server.Locations;

/// <summary>Many places located from memory, written as <see cref="LocatedPoints"/> is, but with no object for a place: codes are made ready as JSON once.</summary>
public sealed class LocatedAnswer(GridLookup lookup, Place[] places, DateTime at, string coord) : IResult
{
    private const int FlushBytes = 64 << 10;

    private static readonly ConditionalWeakTable<GridLookup, Prepared> Ready = [];

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var json = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var prepared = Ready.GetValue(lookup, made => new Prepared(made, json));
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        var body = httpContext.Response.BodyWriter;
        Text(body, $"{{\"at\":{JsonSerializer.Serialize(at, json)},\"coord\":{JsonSerializer.Serialize(coord, json)},\"items\":[");
        for (var next = 0; next < places.Length;)
        {
            next = Chunk(prepared, body, next);
            await body.FlushAsync(httpContext.RequestAborted);
        }
        Text(body, "]}");
        await body.FlushAsync(httpContext.RequestAborted);
    }

    private int Chunk(Prepared prepared, PipeWriter body, int next)
    {
        var output = new Utf8Output(body);
        Span<int> grids = lookup.Nets.Length <= 64 ? stackalloc int[lookup.Nets.Length] : new int[lookup.Nets.Length];
        for (; next < places.Length && output.Written < FlushBytes; next++)
        {
            var place = places[next];
            lookup.Find(place.Lon, place.Lat, at, grids);
            var area = lookup.AreaAt(place.Lon, place.Lat, lookup.BaseNet >= 0 ? grids[lookup.BaseNet] : -1);
            output.Write(next == 0 ? "{\"index\":"u8 : ",{\"index\":"u8);
            output.Write((long)next);
            output.Write(",\"areas\":"u8);
            output.Write(area < 0 ? "[]"u8 : prepared.Areas[area]);
            output.Write(",\"grids\":{"u8);
            var first = true;
            foreach (var grid in grids)
            {
                if (grid < 0) continue;
                if (!first) output.Write((byte)',');
                output.Write(prepared.Grids[grid]);
                first = false;
            }
            output.Write("}}"u8);
        }
        output.Flush();
        return next;
    }

    private static void Text(PipeWriter body, string text) => Encoding.UTF8.GetBytes(text, body);

    private sealed class Prepared
    {
        public Prepared(GridLookup lookup, JsonSerializerOptions json)
        {
            Areas = [.. Enumerable.Range(0, lookup.AreaCount).Select(area => JsonSerializer.SerializeToUtf8Bytes(lookup.ChainOf(area).Select(up => up.Code), json))];
            Grids = [.. Enumerable.Range(0, lookup.GridCount).Select(lookup.Grid)
                .Select(grid => (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(grid.Net >= 0 ? lookup.Nets[grid.Net] : "", json), (byte)':', .. JsonSerializer.SerializeToUtf8Bytes(grid.Code, json)])];
        }

        public byte[][] Areas { get; }

        public byte[][] Grids { get; }
    }
}
