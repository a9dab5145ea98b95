using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace GridMap.Server.Databases;

/// <summary>
/// An interpolated SQL text whose holes are parameters: <c>Sql sql = $"… WHERE id = {id}"</c> cannot be injected into.
/// A hole that is itself a <see cref="Sql"/> is spliced in with its own parameters, so conditions compose.
/// </summary>
[InterpolatedStringHandler]
public sealed class Sql
{
    private readonly StringBuilder _text;
    private readonly List<object?> _values = [];

    public Sql(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (formattedCount * 4));

    private Sql(string text) => _text = new StringBuilder(text);

    public static Sql Empty => new("");

    /// <summary>SQL that the program itself wrote (a column list, an operator): never anything from outside.</summary>
    public static Sql Trusted(string text) => new(text);

    public static Sql Of(Sql sql) => sql;

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(Sql part)
    {
        // The part's $1, $2 … move up behind the ones already here.
        var text = part._text.ToString();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] != '$' || at + 1 >= text.Length || !char.IsAsciiDigit(text[at + 1]))
            {
                _text.Append(text[at++]);
                continue;
            }
            var end = at + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            _text.Append('$').Append(int.Parse(text.AsSpan(at + 1, end - at - 1)) + _values.Count);
            at = end;
        }
        _values.AddRange(part._values);
    }

    public void AppendFormatted<T>(T value)
    {
        _values.Add(value);
        _text.Append('$').Append(_values.Count);
    }

    public static Sql And(IEnumerable<Sql> conditions)
    {
        var all = new Sql("");
        foreach (var condition in conditions)
        {
            all._text.Append(all._text.Length == 0 ? "(" : " AND (");
            all.AppendFormatted(condition);
            all._text.Append(')');
        }
        return all._text.Length == 0 ? Trusted("TRUE") : all;
    }

    public NpgsqlCommand ToCommand(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(_text.ToString(), connection);
        foreach (var value in _values) command.Parameters.Add(Parameter(value));
        return command;
    }

    // Npgsql takes the type of a list of times from its first, which says nothing where it is null.
    private static NpgsqlParameter Parameter(object? value)
    {
        var parameter = new NpgsqlParameter { Value = value ?? DBNull.Value };
        if (value is DateTime?[]) parameter.NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz;
        return parameter;
    }

    public override string ToString() => _text.ToString();

    /// <summary>Text and values as one string: equal for equal questions and for no others. For cache keys, not for running.</summary>
    public string Fingerprint()
    {
        var all = new StringBuilder().Append(_text).Append(" ← ");
        foreach (var value in _values) Say(all, value);
        return all.ToString();
    }

    // Each with its kind, and texts with their length, so that nothing in one value can look like the beginning of the next.
    private static void Say(StringBuilder all, object? value)
    {
        switch (value)
        {
            case null:
                all.Append("null ");
                break;
            case string text:
                all.Append(CultureInfo.InvariantCulture, $"text {text.Length} {text} ");
                break;
            case DateTime time:
                all.Append(CultureInfo.InvariantCulture, $"time {time.Ticks} ");
                break;
            case byte[] bytes:
                all.Append(CultureInfo.InvariantCulture, $"bytes {Convert.ToHexString(bytes)} ");
                break;
            case Array list:
                all.Append(CultureInfo.InvariantCulture, $"list {list.Length} ");
                foreach (var item in list) Say(all, item);
                break;
            case IFormattable number:
                all.Append(CultureInfo.InvariantCulture, $"{value.GetType().Name} {number.ToString(null, CultureInfo.InvariantCulture)} ");
                break;
            default:
                all.Append(CultureInfo.InvariantCulture, $"{value.GetType().Name} {value} ");
                break;
        }
    }
}
