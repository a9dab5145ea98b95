namespace GridMap.Geo.GeoJson;

/// <summary>Bytes that are not the (E)WKB they should be. <see cref="Reason"/> is one of <see cref="WkbReasons"/>.</summary>
public sealed class WkbException : FormatException
{
    public WkbException() : this(WkbReasons.Truncated, 0, "malformed WKB") { }

    public WkbException(string message) : this(WkbReasons.Truncated, 0, message) { }

    public WkbException(string message, Exception innerException) : base(message, innerException) => Reason = WkbReasons.Truncated;

    public WkbException(string reason, int offset, string detail) : base($"{reason} at byte {offset}: {detail}")
    {
        Reason = reason;
        Offset = offset;
    }

    /// <summary>One of <see cref="WkbReasons"/>.</summary>
    public string Reason { get; }

    /// <summary>Where in the bytes it was seen.</summary>
    public int Offset { get; }
}

/// <summary>Why WKB was refused.</summary>
public static class WkbReasons
{
    public const string Truncated = "wkb.truncated";
    public const string TrailingBytes = "wkb.trailing-bytes";
    public const string ByteOrder = "wkb.byte-order";
    public const string UnknownType = "wkb.unknown-type";
    public const string WrongMember = "wkb.wrong-member";
    public const string TooDeep = "wkb.too-deep";
    public const string NotFinite = "wkb.not-finite";
    public const string OutOfRange = "wkb.out-of-range";
    public const string NotClosed = "wkb.not-closed";
    public const string TooFewPositions = "wkb.too-few-positions";
}
