using System.Text.Json;
using GridMap.Server.Databases;

namespace GridMap.Server.Import;

/// <summary>Reads and checks a profile as a whole before any file is opened. Every complaint names the JSON path.</summary>
public static class ProfileReader
{
    public const int FormatVersion = 1;
    private const int MaximumCharacters = 1_000_000;

    public static IReadOnlyList<string> Shipped { get; } =
        EmbeddedFiles.In("profiles").Select(file => System.IO.Path.GetFileNameWithoutExtension(file.Name)).ToList();

    /// <summary>A shipped profile by name, or a file.</summary>
    public static Profile Find(string nameOrFile)
    {
        var shipped = EmbeddedFiles.In("profiles").FirstOrDefault(file => System.IO.Path.GetFileNameWithoutExtension(file.Name) == nameOrFile);
        if (shipped.Text is not null) return Read(shipped.Text);
        if (!File.Exists(nameOrFile))
            throw new ImportException("", $"There is no profile \"{nameOrFile}\": name a file, or one of {string.Join(", ", Shipped)}.");
        if (new FileInfo(nameOrFile).Length > MaximumCharacters * 4L) throw new ImportException("", $"The profile {nameOrFile} is too large.");
        return Read(File.ReadAllText(nameOrFile));
    }

    public static Profile Read(string text)
    {
        if (text.Length > MaximumCharacters) throw new ImportException("$", $"is longer than {MaximumCharacters} characters");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32, CommentHandling = JsonCommentHandling.Skip });
        }
        catch (JsonException fault)
        {
            throw new ImportException("$", $"is not JSON: line {fault.LineNumber + 1}, character {fault.BytePositionInLine + 1}");
        }
        using (document)
        {
            var root = new JsonAt(document.RootElement, "$").Object("gridmapProfile", "name", "title", "notes", "city", "catalogueEntries", "steps");
            root.Get("gridmapProfile").Integer(FormatVersion, FormatVersion);
            var steps = root.Get("steps").Items(200).Select(StepReader.Read).ToList();
            if (steps.Count == 0) throw root.Get("steps").Wrong("is empty");
            foreach (var twice in steps.GroupBy(step => step.Name).Where(group => group.Count() > 1))
                throw new ImportException(twice.Last().Path + ".name", $"\"{twice.Key}\" is the name of an earlier step");
            return new Profile(
                Name(root.Get("name")),
                root.Has("title") ? root.Get("title").Text() : "",
                City(root.Get("city")),
                root.Has("catalogueEntries") ? root.Get("catalogueEntries").Items(2000).Select(Addition).ToList() : [],
                steps);
        }
    }

    private static string Name(JsonAt at)
    {
        var name = at.FilledText(60);
        return name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-')
            ? name : throw at.Wrong("expected lower-case letters, digits and hyphens");
    }

    private static CityRow City(JsonAt at)
    {
        at.Object("name", "nameEn", "divisionCode", "timeZone", "metricSrid", "gridCode", "walkMetresPerMinute");
        var zone = at.Get("timeZone");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone.FilledText(60), out _)) throw zone.Wrong("is not a time zone of the IANA list, such as Asia/Shanghai");
        return new CityRow(
            at.Get("name").FilledText(100),
            at.Has("nameEn") ? at.Get("nameEn").Text(100) : "",
            at.Get("divisionCode").FilledText(40),
            zone.Text(),
            Srid(at.Get("metricSrid")),
            at.Has("gridCode") ? at.Get("gridCode").FilledText(40) : null,
            at.Has("walkMetresPerMinute") ? at.Get("walkMetresPerMinute").Number(10, 300) : null);
    }

    private static int? Srid(JsonAt at)
    {
        if (at.Kind == JsonValueKind.String && at.Text() == "auto") return null;
        var srid = at.Kind == JsonValueKind.Number ? at.Integer(1024, 32_767) : throw at.Wrong("expected an EPSG number or \"auto\"");
        return srid is 3857 or 4326 ? throw at.Wrong("is no plane to measure in: take the local UTM or Gauss–Krüger zone") : srid;
    }

    private static CatalogueAddition Addition(JsonAt at)
    {
        at.Object("catalogue", "code", "name", "nameEn", "parentCode", "source");
        return new CatalogueAddition(
            at.Get("catalogue").OneOf("incident-categories", "facility-types"),
            at.Get("code").FilledText(100), at.Get("name").FilledText(200), at.Get("nameEn").FilledText(200),
            at.Has("parentCode") ? at.Get("parentCode").FilledText(100) : null,
            at.Get("source").FilledText(200));
    }
}
