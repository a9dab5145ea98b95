using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using GridMap.Geo.Packed;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace GridMap.Server.Locations;

/// <summary>Many places located from memory, written as <see cref="LocatedPoints"/> is, but with no object for a place.</summary>
public sealed class LocatedAnswer(GridLookup lookup, Place[] places, DateTime at, string coord) : IResult
{
    private const int FlushBytes = 64 << 10;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var json = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var texts = LocationTexts.Of(lookup, json);
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        var body = httpContext.Response.BodyWriter;
        Text(body, $"{{\"at\":{JsonSerializer.Serialize(at, json)},\"coord\":{JsonSerializer.Serialize(coord, json)},\"items\":[");
        for (var next = 0; next < places.Length;)
        {
            next = Chunk(texts, body, next);
            await body.FlushAsync(httpContext.RequestAborted);
        }
        Text(body, "]}");
        await body.FlushAsync(httpContext.RequestAborted);
    }

    private int Chunk(LocationTexts texts, PipeWriter body, int next)
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
            output.Write(texts.CodesOfChain(area));
            output.Write(",\"grids\":{"u8);
            var first = true;
            foreach (var grid in grids)
            {
                if (grid < 0) continue;
                if (!first) output.Write((byte)',');
                output.Write(texts.Grid(grid).NetAndCode);
                first = false;
            }
            output.Write("}}"u8);
        }
        output.Flush();
        return next;
    }

    private static void Text(PipeWriter body, string text) => Encoding.UTF8.GetBytes(text, body);
}
