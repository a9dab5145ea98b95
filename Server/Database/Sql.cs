using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;

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
        foreach (var value in _values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    public override string ToString() => _text.ToString();

    /// <summary>Text and values as one string: equal for equal questions. For cache keys, not for running.</summary>
    public string Fingerprint() => _text + " ← " + string.Join('|', _values.Select(value => value is Array list
        ? string.Join(',', list.Cast<object?>()) : Convert.ToString(value)));
}
