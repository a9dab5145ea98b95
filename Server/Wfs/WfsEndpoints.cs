using System.Text;
using System.Xml;
using System.Xml.Linq;
using GridMap.Server.Access;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Wfs;

/// <summary>
/// <c>/wfs</c>: Web Feature Service 2.0 (OGC 09-025r2, ISO 19142), conformance class Basic WFS with key-value pairs and XML, and the result paging, sorting and
/// standard filters that its clients use.
/// </summary>
public static partial class WfsEndpoints
{
    private static readonly string[] NotOffered = ["Transaction", "LockFeature", "GetFeatureWithLock", "CreateStoredQuery", "DropStoredQuery", "GetGmlObject"];

    public static void MapWfs(this IEndpointRouteBuilder app)
    {
        app.MapGet("/wfs", Get).Reads();
        app.MapPost("/wfs", Post).Reads();
    }

    private static Task Get(HttpContext http, CancellationToken cancellation) =>
        Guarded(http, () => Answer(http, WfsAsked.Of(http.Request.Query), cancellation), cancellation);

    private static Task Post(HttpContext http, CancellationToken cancellation) =>
        Guarded(http, async () => await Answer(http, WfsXml.Asked(await WfsXml.Read(http, cancellation)), cancellation), cancellation);

    private static async Task Answer(HttpContext http, WfsAsked asked, CancellationToken cancellation)
    {
        var services = http.RequestServices;
        var layers = services.GetRequiredService<LayerCatalog>();
        if (asked.Operation.Length == 0) throw WfsFault.Missing("request");
        if ((asked.Get("service") ?? throw WfsFault.Missing("service")) != "WFS") throw WfsFault.Invalid("service", "WFS");
        if (asked.Operation == "GetCapabilities")
        {
            await Write(http, await WfsCapabilities.Of($"{PublicAddress.Of(http)}/wfs", Negotiated(asked), layers, services.GetRequiredService<Extents>(), services.GetRequiredService<CollectionCrs>(), cancellation), "text/xml", cancellation);
            return;
        }
        var version = asked.Get("version") ?? throw WfsFault.Missing("version");
        if (!WfsNames.Versions.Contains(version)) throw WfsFault.Invalid("version", $"one of {string.Join(", ", WfsNames.Versions)}");
        if (asked.Get("resolve") is { } resolve && !WfsNames.Resolves.Contains(resolve)) throw WfsFault.Invalid("resolve", "none or local: nothing is resolved elsewhere");
        switch (asked.Operation)
        {
            case "DescribeFeatureType":
                var types = asked.Get("typeNames") ?? asked.Get("typeName");
                var wanted = types is null ? [.. layers.All] : types.Split(',').Select(type => WfsNames.Find(layers, type, "typeNames")).ToArray();
                if (asked.Get("outputFormat") is { } format && !WfsNames.GmlFormats.Any(known => known.Replace("+", " ", StringComparison.Ordinal).Equals(format.Replace("+", " ", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
                    && format is not ("XMLSCHEMA" or "text/xml")) throw WfsFault.Invalid("outputFormat", WfsNames.Gml32);
                await Write(http, WfsSchema.Of(wanted), WfsNames.Gml32, cancellation);
                break;
            case "ListStoredQueries": await Write(http, WfsStoredQueries.List(layers), "text/xml", cancellation); break;
            case "DescribeStoredQueries": await Write(http, WfsStoredQueries.Describe(asked, layers), "text/xml", cancellation); break;
            case "GetFeature": await services.GetRequiredService<GetFeature>().Features(http, asked, version, cancellation); break;
            case "GetPropertyValue": await services.GetRequiredService<GetFeature>().Values(http, asked, version, cancellation); break;
            case var other when NotOffered.Contains(other): throw new WfsFault(WfsFault.OperationNotSupported, other, $"{other} is not offered: this service is read here and written through /ogc and /api.");
            default: throw WfsFault.Invalid("request", "an operation of the capabilities");
        }
    }

    // The first of the client's versions that is spoken here (OGC 06-121r3 §7.3.2). A client of before that rule gets what there is.
    private static string Negotiated(WfsAsked asked)
    {
        if (asked.Get("acceptVersions") is not { } accepted) return asked.Get("version") is { } version && WfsNames.Versions.Contains(version) ? version : WfsNames.Versions[^1];
        return accepted.Split(',').Select(version => version.Trim()).FirstOrDefault(WfsNames.Versions.Contains)
            ?? throw new WfsFault(WfsFault.VersionNegotiationFailed, "acceptVersions", $"The versions here are {string.Join(", ", WfsNames.Versions)}.");
    }

    private static async Task Guarded(HttpContext http, Func<Task> answer, CancellationToken cancellation)
    {
        try
        {
            await answer();
        }
        catch (WfsFault fault) when (!http.Response.HasStarted)
        {
            await Refuse(http, fault, cancellation);
        }
        catch (Refused refused) when (!http.Response.HasStarted)
        {
            await Refuse(http, WfsFault.Of(refused, refused.Errors is [var first, ..] ? first.Field : ""), cancellation);
        }
        catch (Exception exception) when (!http.Response.HasStarted && exception is not OperationCanceledException && http.Response.BodyWriter is not { CanGetUnflushedBytes: true, UnflushedBytes: > 0 })
        {
            var problem = Problems.Of(exception, http);
            if (problem.Status >= 500) Failed(http.RequestServices.GetRequiredService<ILogger<WfsFault>>(), exception, http.TraceIdentifier);
            await Refuse(http, WfsFault.Of(problem), cancellation);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A WFS request failed, trace {TraceId}")]
    private static partial void Failed(ILogger logger, Exception exception, string traceId);

    private static async Task Refuse(HttpContext http, WfsFault fault, CancellationToken cancellation)
    {
        var ows = WfsNames.Ows;
        http.Response.StatusCode = fault.Status;
        http.Response.Headers.CacheControl = "no-store";
        await Write(http, new XDocument(new XElement(ows + "ExceptionReport", new XAttribute(XNamespace.Xmlns + "ows", ows), new XAttribute("version", "2.0.0"), new XAttribute(XNamespace.Xml + "lang", "en"),
            new XElement(ows + "Exception", new XAttribute("exceptionCode", fault.Code), fault.Locator.Length > 0 ? new XAttribute("locator", Clean(fault.Locator)) : null,
                new XElement(ows + "ExceptionText", Clean(fault.Message))))), "text/xml", cancellation);
    }

    // What a stranger sent may stand in a message and need not be writable as XML.
    private static string Clean(string text) => string.Concat(text.Select(letter => XmlConvert.IsXmlChar(letter) ? letter : '\uFFFD'));

    private static async Task Write(HttpContext http, XDocument document, string type, CancellationToken cancellation)
    {
        http.Response.ContentType = type.Contains(';', StringComparison.Ordinal) ? type : $"{type}; charset=utf-8";
        using var bytes = new MemoryStream();
        // Without the mark that some readers take for text before the declaration.
        await using (var writer = XmlWriter.Create(bytes, new XmlWriterSettings { Async = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) })) await document.SaveAsync(writer, cancellation);
        http.Response.ContentLength = bytes.Length;
        bytes.Position = 0;
        await bytes.CopyToAsync(http.Response.Body, cancellation);
    }
}
