using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace GridMap.Server.Wfs;

/// <summary>Reads XML from strangers: no DTD, so no entities and nothing fetched; bounded in size, depth and number of elements and attributes.</summary>
public static class WfsXml
{
    public const int MaxBytes = 4 << 20, MaxDepth = 64;
    private const int MaxElements = 100_000, MaxAttributes = 200;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxBytes, MaxCharactersFromEntities = 1024,
        IgnoreComments = true, IgnoreProcessingInstructions = true, IgnoreWhitespace = true,
    };

    /// <exception cref="WfsFault">It is no well-formed XML within the bounds.</exception>
    public static async Task<XElement> Read(HttpContext http, CancellationToken cancellation)
    {
        var type = http.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (type is not ("text/xml" or "application/xml" or "application/gml+xml" or null))
            throw new WfsFault(WfsFault.OperationParsingFailed, "Content-Type", "Send XML as text/xml or application/xml.");
        var bytes = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (await http.Request.Body.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            if (bytes.Length + read > MaxBytes) throw new WfsFault(WfsFault.OperationParsingFailed, "request", $"A request has at most {MaxBytes} bytes.");
            bytes.Write(buffer, 0, read);
        }
        return Parse(() => new MemoryStream(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    /// <summary>A filter out of a query string. Its prefixes are often left undeclared there: fes and gml then mean what they always mean.</summary>
    public static XElement Filter(string text)
    {
        var known = new NameTable();
        var names = new XmlNamespaceManager(known);
        names.AddNamespace("fes", WfsNames.Fes.NamespaceName);
        names.AddNamespace("gml", WfsNames.Gml.NamespaceName);
        names.AddNamespace(WfsNames.Prefix, WfsNames.App.NamespaceName);
        var context = new XmlParserContext(known, names, null, XmlSpace.None);
        var settings = Settings.Clone();
        settings.NameTable = known;
        settings.ConformanceLevel = ConformanceLevel.Document;
        return Guard(() =>
        {
            using (var check = XmlReader.Create(new StringReader(text), settings, context)) Measure(check);
            using var reader = XmlReader.Create(new StringReader(text), settings, context);
            return XElement.Load(reader);
        }, "filter");
    }

    /// <summary>An XML request in the same words as one of key-value pairs.</summary>
    public static WfsAsked Asked(XElement root)
    {
        var values = root.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration && attribute.Name.Namespace == XNamespace.None)
            .ToDictionary(attribute => attribute.Name.LocalName.ToLowerInvariant(), attribute => attribute.Value);
        if (root.Name.Namespace != WfsNames.Wfs)
        {
            if (root.Name.NamespaceName == "http://www.opengis.net/wfs") throw WfsFault.Invalid("version", $"one of {string.Join(", ", WfsNames.Versions)}");
            throw new WfsFault(WfsFault.OperationParsingFailed, root.Name.LocalName, $"A request is an element of the namespace {WfsNames.Wfs}.");
        }
        var versions = root.Elements(WfsNames.Ows + "AcceptVersions").Elements(WfsNames.Ows + "Version").Select(version => version.Value.Trim()).ToList();
        if (versions.Count > 0) values["acceptversions"] = string.Join(',', versions);
        var types = root.Elements(WfsNames.Wfs + "TypeName").Select(type => Known(type.Value.Trim(), type)).ToList();
        if (types.Count > 0) values["typenames"] = string.Join(',', types);
        var described = root.Elements(WfsNames.Wfs + "StoredQueryId").Select(id => id.Value.Trim()).ToList();
        if (described.Count > 0) values["storedquery_id"] = string.Join(',', described);
        var stored = root.Elements(WfsNames.Wfs + "StoredQuery").ToList();
        if (stored.Count > 0 && (stored.Count > 1 || root.Elements(WfsNames.Wfs + "Query").Any()))
            throw new WfsFault(WfsFault.OptionNotSupported, "StoredQuery", "A stored query comes alone.");
        foreach (var query in stored)
        {
            values["storedquery_id"] = query.Attribute("id")?.Value ?? throw WfsFault.Missing("id");
            foreach (var parameter in query.Elements(WfsNames.Wfs + "Parameter"))
                values[(parameter.Attribute("name")?.Value ?? throw WfsFault.Missing("name")).ToLowerInvariant()] = parameter.Value.Trim();
        }
        var queries = root.Elements(WfsNames.Wfs + "Query").Select(Query).ToList();
        return new WfsAsked(root.Name.LocalName, values, queries);
    }

    private static WfsQuery Query(XElement query)
    {
        var properties = query.Elements(WfsNames.Wfs + "PropertyName").Select(name => name.Value.Trim()).ToList();
        var sorts = query.Elements(WfsNames.Fes + "SortBy").Elements(WfsNames.Fes + "SortProperty")
            .Select(sort => $"{sort.Element(WfsNames.Fes + "ValueReference")?.Value.Trim()} {sort.Element(WfsNames.Fes + "SortOrder")?.Value.Trim() ?? "ASC"}").ToList();
        return new WfsQuery(Known(Attribute(query, "typeNames")?.Trim() ?? throw WfsFault.Missing("typeNames"), query))
        {
            Filter = query.Element(WfsNames.Fes + "Filter"), SrsName = Attribute(query, "srsName"),
            PropertyNames = properties.Count > 0 ? string.Join(',', properties) : null, SortBy = sorts.Count > 0 ? string.Join(',', sorts) : null,
        };
    }

    private static string Known(string names, XElement where) => WfsNames.WithKnownPrefix(names, prefix => where.GetNamespaceOfPrefix(prefix)?.NamespaceName);

    // In any case: a library in wide use writes typenames.
    private static string? Attribute(XElement element, string name) =>
        element.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;

    private static XElement Parse(Func<Stream> open) => Guard(() =>
    {
        using (var check = XmlReader.Create(open(), Settings)) Measure(check);
        using var reader = XmlReader.Create(open(), Settings);
        return XElement.Load(reader);
    }, "request");

    private static XElement Guard(Func<XElement> read, string locator)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is XmlException or ArgumentException or InvalidOperationException)
        {
            // Of a DTD the reader says how its programmer could allow it.
            var what = exception.Message.Contains("DTD", StringComparison.Ordinal) ? "it has a document type declaration, and none is taken" : exception.Message;
            throw new WfsFault(WfsFault.OperationParsingFailed, locator, $"The XML cannot be read: {what}");
        }
    }

    // Before anything is built that could be deep or many.
    private static void Measure(XmlReader reader)
    {
        var elements = 0;
        while (reader.Read())
        {
            if (reader.Depth > MaxDepth) throw new XmlException(string.Create(CultureInfo.InvariantCulture, $"more than {MaxDepth} levels"));
            if (reader.AttributeCount > MaxAttributes) throw new XmlException($"more than {MaxAttributes} attributes");
            if (reader.NodeType == XmlNodeType.Element && ++elements > MaxElements) throw new XmlException($"more than {MaxElements} elements");
        }
    }
}
