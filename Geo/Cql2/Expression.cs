using System.Globalization;
using System.Text;
using NetTopologySuite.Geometries;

namespace GridMap.Geo.Cql2;

/// <summary>One expression of OGC CQL2 (OGC 21-065r2), whichever encoding it came in.</summary>
/// <remarks>
/// Names of properties and functions are as sent and mean nothing yet: who knows the data checks them. Geometries hold the numbers as sent, in the
/// order of a CRS that only the question knows. Immutable; <see cref="ToString"/> writes equal trees equally.
/// </remarks>
public abstract class Expression
{
    /// <summary>How many levels there are, this one counted. Readers keep it at <see cref="Cql2Limits.MaxDepth"/> or less, so recursion over a tree is safe.</summary>
    public int Depth { get; private protected init; } = 1;

    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    internal abstract void Write(StringBuilder text);
}

/// <summary>A property of the feature.</summary>
public sealed class Property(string name) : Expression
{
    public string Name => name;

    internal override void Write(StringBuilder text) => text.Append('"').Append(name).Append('"');
}

public sealed class TextLiteral(string value) : Expression
{
    public string Value => value;

    internal override void Write(StringBuilder text) => text.Append('\'').Append(value.Replace("'", "''", StringComparison.Ordinal)).Append('\'');
}

/// <summary>A finite number.</summary>
public sealed class NumberLiteral(double value) : Expression
{
    // Doubles hold every whole number up to here.
    private const double MostExact = 1L << 53;

    public double Value => value;

    /// <summary>The number where it is whole and exact; else null.</summary>
    public long? Whole => Math.Truncate(value) == value && Math.Abs(value) <= MostExact ? (long)value : null;

    internal override void Write(StringBuilder text) => text.Append(value.ToString("R", CultureInfo.InvariantCulture));
}

public sealed class BooleanLiteral(bool value) : Expression
{
    public bool Value => value;

    internal override void Write(StringBuilder text) => text.Append(value ? "TRUE" : "FALSE");
}

public sealed class DateLiteral(DateOnly value) : Expression
{
    public DateOnly Value => value;

    internal override void Write(StringBuilder text) => text.Append("DATE('").Append(value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).Append("')");
}

/// <summary>A moment, UTC.</summary>
public sealed class TimestampLiteral(DateTime value) : Expression
{
    public DateTime Value => value;

    internal override void Write(StringBuilder text) =>
        text.Append("TIMESTAMP('").Append(value.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture)).Append("')");
}

/// <summary>An interval, both ends included; null is an open end.</summary>
public sealed class IntervalOf : Expression
{
    public IntervalOf(Expression? start, Expression? end)
    {
        (Start, End) = (start, end);
        Depth = 1 + Math.Max(start?.Depth ?? 0, end?.Depth ?? 0);
    }

    public Expression? Start { get; }

    public Expression? End { get; }

    internal override void Write(StringBuilder text)
    {
        text.Append("INTERVAL(").Append(Start?.ToString() ?? "'..'").Append(',').Append(End?.ToString() ?? "'..'").Append(')');
    }
}

/// <summary>A geometry whose coordinates are as sent: x is the first number of each position.</summary>
public sealed class GeometryLiteral(Geometry value) : Expression
{
    public Geometry Value => value;

    internal override void Write(StringBuilder text) => text.Append(value.AsText());
}

/// <summary>A box by its lower and upper corner, numbers as sent.</summary>
public sealed class BoxLiteral(double lowerFirst, double lowerSecond, double upperFirst, double upperSecond) : Expression
{
    public double LowerFirst => lowerFirst;

    public double LowerSecond => lowerSecond;

    public double UpperFirst => upperFirst;

    public double UpperSecond => upperSecond;

    internal override void Write(StringBuilder text) =>
        text.Append(CultureInfo.InvariantCulture, $"BBOX({lowerFirst:R},{lowerSecond:R},{upperFirst:R},{upperSecond:R})");
}

/// <summary>A list of values, which CQL2 compares as a set.</summary>
public sealed class ArrayOf : Expression
{
    public ArrayOf(IReadOnlyList<Expression> items)
    {
        Items = items;
        Depth = 1 + items.Select(item => item.Depth).DefaultIfEmpty(0).Max();
    }

    public IReadOnlyList<Expression> Items { get; }

    internal override void Write(StringBuilder text) => Cql2Limits.WriteList(text, "", Items);
}

/// <summary>
/// An operator or function with its arguments. The operators of CQL2 are in lower case as CQL2 JSON names them
/// (<c>and or not = &lt;&gt; &lt; &lt;= &gt; &gt;= like between in isnull casei accenti + - * / ^ % div s_… t_… a_…</c>); any other name is a function of the server's.
/// </summary>
public sealed class Call : Expression
{
    public Call(string name, IReadOnlyList<Expression> arguments)
    {
        (Name, Arguments) = (name, arguments);
        Depth = 1 + arguments.Select(argument => argument.Depth).DefaultIfEmpty(0).Max();
    }

    public string Name { get; }

    public IReadOnlyList<Expression> Arguments { get; }

    internal override void Write(StringBuilder text) => Cql2Limits.WriteList(text, Name, Arguments);
}

/// <summary>What a reader takes: enough for any filter a person or program writes, too little to do harm.</summary>
public static class Cql2Limits
{
    /// <summary>Levels of brackets, functions and operators inside each other; a chain of AND or of OR is one level.</summary>
    public const int MaxDepth = 100;

    /// <summary>Characters of a filter, in either encoding.</summary>
    public const int MaxLength = 1 << 16;

    internal static void WriteList(StringBuilder text, string name, IReadOnlyList<Expression> items)
    {
        text.Append(name).Append('(');
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) text.Append(", ");
            items[i].Write(text);
        }
        text.Append(')');
    }
}
