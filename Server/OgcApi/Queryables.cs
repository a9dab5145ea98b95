using System.Globalization;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Microsoft.OpenApi;

namespace GridMap.Server.OgcApi;

/// <summary>Properties that items may be selected by: each is a query parameter of its own, and a name in filters.</summary>
internal static class Queryables
{
    public static readonly LayerColumn Id = new(FilterSql.IdName, ("Id", "编号"), "t.id", ColumnKind.Integer);

    /// <summary>All but the geometry.</summary>
    public static IEnumerable<LayerColumn> Scalars(Layer layer) => layer.Columns.Prepend(Id);

    public static Parameter Parameter(LayerColumn column) => column.Kind switch
    {
        ColumnKind.Text when column.Choices is { } choices => Parameters.Choice(column.Name, choices, $"Only features with this {column.Name}."),
        // Nothing behind the sign is the empty text (RFC 3986 §3.4), as in name = '' of a filter: a value that features have.
        ColumnKind.Text => Parameters.AnyTextOf(column.Name, 200, $"Only features with exactly this {column.Name}; with none when the value is empty."),
        ColumnKind.Integer => new Parameter<long?>(column.Name, $"Only features with this {column.Name}.",
            new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
            text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : Reading<long?>.Wrong("number.unreadable", "a whole number")),
        ColumnKind.Number => Parameters.Number(column.Name, -1e15, 1e15, $"Only features with this {column.Name}."),
        ColumnKind.Flag => Parameters.Flag(column.Name, $"Only features where {column.Name} is this."),
        _ => Parameters.Time(column.Name, $"Only features with this {column.Name}."),
    };

    /// <summary>The question with a test for each queryable that was asked by its own parameter.</summary>
    public static FeatureQuestion Equal(FeatureQuestion question, Question ask)
    {
        var tests = new List<PropertyTest>();
        foreach (var parameter in ItemsQuestion.ParametersOf(question.Layer).Where(ask.Has))
        {
            var column = Scalars(question.Layer).FirstOrDefault(column => column.Name == parameter.Name);
            if (column is null) continue;
            object value = parameter switch
            {
                Parameter<string?> text => ask.Get(text)!,
                Parameter<long?> whole => ask.Get(whole)!.Value,
                Parameter<double?> number => ask.Get(number)!.Value,
                Parameter<bool?> flag => ask.Get(flag)!.Value,
                Parameter<When?> time => ask.Get(time)!.Value.ToUtc(TimeZoneInfo.Utc),
                _ => throw new InvalidOperationException($"No filter for {parameter.GetType()}"),
            };
            if (column == Id) question = question with { Ids = [(long)value] };
            else tests.Add(PropertyTest.Equal(column, value));
        }
        return question with { Tests = tests };
    }
}
