using System.Diagnostics.CodeAnalysis;

namespace GridMap.Geo.Cql2;

/// <summary>An expression, or why there is none.</summary>
/// <param name="Expression">The tree; null when refused.</param>
/// <param name="Reason">One of <see cref="Cql2Reasons"/>; null when read.</param>
/// <param name="Detail">What was found, where, and what was expected, for a person; null when read.</param>
public readonly record struct Cql2Result(Expression? Expression, string? Reason, string? Detail)
{
    [MemberNotNullWhen(true, nameof(Expression))]
    [MemberNotNullWhen(false, nameof(Reason), nameof(Detail))]
    public bool IsRead => Expression is not null;

    internal static Cql2Result Of(string text, Func<Expression> read)
    {
        if (text.Length > Cql2Limits.MaxLength)
            return new Cql2Result(null, Cql2Reasons.TooLong, $"at most {Cql2Limits.MaxLength} characters");
        try
        {
            return new Cql2Result(read(), null, null);
        }
        catch (Cql2Refusal refusal)
        {
            return new Cql2Result(null, refusal.Reason, refusal.Message);
        }
    }
}

/// <summary>Why a filter was refused.</summary>
public static class Cql2Reasons
{
    public const string Empty = "filter.empty";
    public const string TooLong = "filter.too-long";
    public const string TooDeep = "filter.too-deep";
    public const string Unreadable = "filter.unreadable";
    public const string Arguments = "filter.arguments";
    public const string Number = "filter.number";
    public const string Text = "filter.text";
    public const string Time = "filter.time";
    public const string Geometry = "filter.geometry";
}

/// <summary>Unwinds a reader; never leaves this folder.</summary>
internal sealed class Cql2Refusal(string reason, string detail) : Exception(detail)
{
    public string Reason => reason;
}
