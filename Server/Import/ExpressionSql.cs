using System.Text.Json;
using GridMap.Server.Databases;

namespace GridMap.Server.Import;

/// <summary>
/// Turns a profile's expressions into SQL. Names and values from outside never become SQL text: a source field is known by the number
/// of its staged column (<c>c1</c>, <c>c2</c> …), every value is a parameter. A refusal travels as text that begins with the character 1.
/// </summary>
internal sealed class ExpressionSql(StagingSchema schema, IReadOnlyDictionary<string, string> columns)
{
    public Sql Value(Expression expression) => expression switch
    {
        SourceField field => field.Names.FirstOrDefault(Has) is { } name ? Column(field.Path, name)
            : field.Optional ? Sql.Trusted("NULL::text") : Column(field.Path, field.Names[0]),
        Constant constant => Sql.Of($"nullif({constant.Value}::text, '')"),
        Template template => template.Parts.Select(part => part.Field is null ? Sql.Of($"{part.Text}::text") : Padded(Column(template.Path, part.Field), part.Pad))
            .Aggregate((left, right) => Sql.Of($"{left} || {right}")),
        FirstOf first => Sql.Of($"coalesce({List(first.Options.Select(Value))})"),
        ValueMap map => Mapped(map),
        Cases cases => cases.Options.Reverse().Aggregate(Value(cases.Otherwise),
            (otherwise, option) => Sql.Of($"CASE WHEN {All(option.When)} THEN {Value(option.Then)} ELSE {otherwise} END")),
        Refusal { Of: null } refusal => Sql.Of($"(chr(1) || {refusal.Reason}::text)"),
        Refusal refusal => Sql.Of($"(chr(1) || '\"' || left({Value(refusal.Of!)}, 80) || '\" ' || {refusal.Reason}::text)"),
        _ => throw new InvalidOperationException($"An expression of type {expression.GetType().Name} has no SQL."),
    };

    public Sql All(IEnumerable<Condition> conditions) => Sql.And(conditions.Select(Test));

    public static Sql List(IEnumerable<Sql> parts) => parts.Aggregate((left, right) => Sql.Of($"{left}, {right}"));

    private Sql Test(Condition condition)
    {
        if (condition is AnyOf any) return any.Options.Select(Test).Aggregate((left, right) => Sql.Of($"({left} OR {right})"));
        var test = (FieldTest)condition;
        var value = Column(test.Path, test.Field);
        var holds = test.Test switch
        {
            "equals" => Sql.Of($"{value} = {test.Values[0]}"),
            "in" => Sql.Of($"{value} = ANY ({test.Values.ToArray()})"),
            "contains" => Sql.Of($"strpos(lower({value}), lower({test.Values[0]})) > 0"),
            "startsWith" => Sql.Of($"starts_with({value}, {test.Values[0]})"),
            "present" => Sql.Of($"{value} IS NOT NULL"),
            "atLeast" => Sql.Of($"{schema.Prefix}as_number({value}, 1) >= {test.Number}"),
            _ => Sql.Of($"{schema.Prefix}as_number({value}, 1) <= {test.Number}"),
        };
        return test.Not ? Sql.Of($"NOT coalesce({holds}, false)") : Sql.Of($"coalesce({holds}, false)");
    }

    public bool Has(string name) => name.StartsWith('#') || Find(name) is not null;

    /// <summary>Whether the source can fill this field at all: an optional field that it lacks is not written.</summary>
    public bool CanFill(Field field) => Origin(field.Expression) is not SourceField { Optional: true } source || source.Names.Any(Has);

    private static Expression Origin(Expression expression) => expression is ValueMap map ? Origin(map.Of) : expression;

    // Exactly so if there is one, otherwise whatever the case: DBF files shout.
    private string? Find(string name) => columns.TryGetValue(name, out var column) ? column
        : columns.FirstOrDefault(one => one.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    public Sql Column(string path, string name) => name switch
    {
        "#row" => Sql.Trusted("s.source_row::text"),
        "#file" => Sql.Trusted("s.source_file"),
        "#hash" => Sql.Trusted("left(md5(ST_AsBinary(s.geom)), 16)"),
        _ when Find(name) is { } column => Sql.Of($"{schema.Prefix}clean(s.{Sql.Trusted(column)})"),
        _ => throw new ImportException(path, $"the source has no field \"{name}\"; it has {string.Join(", ", columns.Keys.Take(100))}"),
    };

    private static Sql Padded(Sql value, int pad) => pad == 0 ? value : Sql.Of($"lpad({value}, greatest(length({value}), {pad}), '0')");

    private Sql Mapped(ValueMap map)
    {
        var value = Value(map.Of);
        var key = map.IgnoreCase ? Sql.Of($"lower({value})") : value;
        var values = JsonSerializer.Serialize(map.Values);
        var otherwise = map.Otherwise switch
        {
            null => value,
            var expression => Value(expression),
        };
        return Sql.Of($"CASE WHEN jsonb_exists({values}::jsonb, {key}) THEN nullif({values}::jsonb ->> {key}, '') ELSE {otherwise} END");
    }
}
