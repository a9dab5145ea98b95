using System.Text;

namespace GridMap.Server.Import;

/// <summary>Which OpenStreetMap tags become columns: exactly those that the profile's steps name, layer by layer.</summary>
internal static class OsmFields
{
    private static readonly string[] Layers = ["points", "lines", "multilinestrings", "multipolygons", "other_relations"];

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Of(Profile profile)
    {
        var fields = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var layer in Layers)
        {
            fields[layer] = profile.Steps.OfType<TableStep>().Where(step => step.Source is FileSource source && source.Layer == layer)
                .SelectMany(step => step.Fields.Values.SelectMany(field => Names(field.Expression)).Concat(step.Where.SelectMany(Names)).Concat(step.Geometry.DissolveBy))
                .Where(name => !name.StartsWith('#') && name is not ("osm_id" or "osm_way_id"))
                .Distinct().Order(StringComparer.Ordinal).ToList();
        }
        return fields;
    }

    /// <summary>The configuration file of GDAL's OSM driver.</summary>
    public static string Configuration(IReadOnlyDictionary<string, IReadOnlyList<string>> fields)
    {
        var text = new StringBuilder();
        text.Append("closed_ways_are_polygons=aeroway,amenity,boundary,building,craft,geological,historic,landuse,leisure,military,natural,office,place,shop,sport,tourism,waterway=riverbank\n");
        text.Append("attribute_name_laundering=no\nreport_all_nodes=no\nreport_all_ways=no\n");
        foreach (var layer in Layers)
        {
            text.Append('[').Append(layer).Append("]\nosm_id=yes\nosm_version=no\nosm_timestamp=no\nosm_uid=no\nosm_user=no\nosm_changeset=no\nother_tags=no\nall_tags=no\n");
            text.Append("attributes=").AppendJoin(',', fields[layer].DefaultIfEmpty("name").Where(IsTag)).Append('\n');
        }
        return text.ToString();
    }

    private static bool IsTag(string name) => name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or ':' or '-');

    private static IEnumerable<string> Names(Expression expression) => expression switch
    {
        SourceField field => field.Names,
        Template template => template.Parts.Where(part => part.Field is not null).Select(part => part.Field!),
        FirstOf first => first.Options.SelectMany(Names),
        ValueMap map => Names(map.Of).Concat(map.Otherwise is { } otherwise ? Names(otherwise) : []),
        Cases cases => cases.Options.SelectMany(option => option.When.SelectMany(Names).Concat(Names(option.Then))).Concat(Names(cases.Otherwise)),
        Refusal { Of: { } of } => Names(of),
        _ => [],
    };

    private static IEnumerable<string> Names(Condition condition) => condition switch
    {
        AnyOf any => any.Options.SelectMany(Names),
        FieldTest test => [test.Field],
        _ => [],
    };
}
