using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.OgcApi;

/// <summary>The items of a collection: answer from the ETag, or stream.</summary>
public sealed class Items
{
    private static readonly byte[] Head = "{\"type\":\"FeatureCollection\",\"features\":["u8.ToArray();

    /// <summary>Sets the ETag of what is asked for; true when the client has it already and 304 has been set.</summary>
    public static bool IsKnown(HttpContext http, LayerView view)
    {
        var etag = Tag(http, view.Layer, view.Version);
        http.Response.Headers.ETag = etag;
        http.Response.Headers.CacheControl = "no-cache";
        return Conditional.IsKnown(http, etag);
    }

    // Weak, because the same answer may be sent with different compression.
    private static string Tag(HttpContext http, Layer layer, long version)
    {
        var question = SHA256.HashData(Encoding.UTF8.GetBytes($"{http.Request.Path}{http.Request.QueryString}|{Links.Base(http)}{(PageLanguage.Of(http) is { } page ? $"|html-{page.Code}" : "")}"));
        return $"W/\"{layer.Name}-{version}-{Convert.ToHexStringLower(question.AsSpan(0, 6))}\"";
    }

    /// <summary>Streams the page: the first features leave before the last have been read.</summary>
    public async Task Stream(HttpContext http, LayerView view, ItemsQuestion asked, CancellationToken cancellation)
    {
        var question = asked.Features;
        http.Response.ContentType = Links.GeoJson;
        var output = http.Response.BodyWriter;
        var end = await view.Write(question, output, new PageWanted(Head: Head, Counted: true, Begins: version =>
        {
            // A later version than was looked at first has a tag of its own.
            if (version != view.Version) http.Response.Headers.ETag = Tag(http, view.Layer, version);
        }), cancellation);
        var links = LinksOf(http, question.Layer, Format.Json);
        if (end.Next is { } next)
            links.Add(new Link(Links.With(http, Format.Json, ("after", Sorting.WriteKey(next)), ("offset", null)), "next", Links.GeoJson, "Next page"));
        var coord = asked.Crs.Datum == default ? "" : $",\"coord\":\"{asked.Crs.Datum.Name}\"";
        // Left out (OGC 17-069r4, /rec/core/fc-numberMatched) where the filter takes too long for all, but not for a page.
        var counted = end.Matched is { } count ? $"\"numberMatched\":{count}," : "";
        var text = $"]{coord},{counted}\"numberReturned\":{end.Returned},\"timeStamp\":\"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ssZ}\",\"links\":{JsonSerializer.Serialize(links, Links.Text)}}}";
        Encoding.UTF8.GetBytes(text, output);
        await output.FlushAsync(cancellation);
    }

    /// <summary>The links of a page, all but the one to the next.</summary>
    public static List<Link> LinksOf(HttpContext http, Layer layer, Format format) =>
    [
        .. Links.SelfAndAlternate(http, format, Links.GeoJson, "This document"),
        new Link($"{Links.Base(http)}/ogc/collections/{layer.Name}?f=json", "collection", Links.Json, layer.Title),
    ];
}
