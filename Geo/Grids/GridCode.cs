using System.Globalization;

namespace GridMap.Geo.Grids;

/// <summary>One part of a code: its name and how many digits it takes (1–12).</summary>
public sealed record GridCodeSegment(string Name, int Digits);

/// <summary>How a city writes its codes: named runs of digits, the last of which is the serial number.</summary>
/// <remarks>Cities differ and change their rule, so the shape is data. See <see cref="GridCodeProfiles"/> for known ones.</remarks>
public sealed class GridCodeProfile
{
    /// <param name="name">What people call it.</param>
    /// <param name="segments">1–8 segments with different names.</param>
    /// <param name="zeroSerial">Whether a serial of zeros is a code, as where it means "not divided".</param>
    /// <exception cref="ArgumentException">No, too many, too wide or equally named segments.</exception>
    public GridCodeProfile(string name, IReadOnlyList<GridCodeSegment> segments, bool zeroSerial = false)
    {
        if (segments.Count is < 1 or > 8) throw new ArgumentException($"{segments.Count} segments; 1 to 8 expected", nameof(segments));
        if (segments.Any(s => s.Digits is < 1 or > 12)) throw new ArgumentException("a segment has 1 to 12 digits", nameof(segments));
        if (segments.Select(s => s.Name).Distinct().Count() != segments.Count) throw new ArgumentException("two segments share a name", nameof(segments));
        Name = name;
        Segments = segments;
        ZeroSerial = zeroSerial;
        Length = segments.Sum(s => s.Digits);
        PrefixLength = Length - segments[^1].Digits;
    }

    public string Name { get; }

    public IReadOnlyList<GridCodeSegment> Segments { get; }

    public bool ZeroSerial { get; }

    /// <summary>Digits of a whole code.</summary>
    public int Length { get; }

    /// <summary>Digits before the serial: the code of the area that the grid belongs to.</summary>
    public int PrefixLength { get; }

    /// <summary>Highest serial, e.g. 999 for three digits.</summary>
    public long MaxSerial => (long)Math.Pow(10, Segments[^1].Digits) - 1;
}

/// <summary>Profiles met in Chinese cities.</summary>
public static class GridCodeProfiles
{
    /// <summary>Unit grid, 15 digits: county 6 (GB/T 2260), street or town 3, community or village 3, serial 3.</summary>
    public static GridCodeProfile Unit15 { get; } = new("unit-15", [new("county", 6), new("street", 3), new("community", 3), new("serial", 3)]);

    /// <summary>16 digits, with a street of four.</summary>
    public static GridCodeProfile Unit16 { get; } = new("unit-16", [new("county", 6), new("street", 4), new("community", 3), new("serial", 3)]);

    /// <summary>Professional grid, 20 digits (CJ/T 349): managed object 6, county 6, street 3, community 3, serial 2; serial 00 = not divided.</summary>
    public static GridCodeProfile Professional20 { get; } =
        new("professional-20", [new("object", 6), new("county", 6), new("street", 3), new("community", 3), new("serial", 2)], zeroSerial: true);

    /// <summary>Administrative area down to the community, 12 digits: county 6, street 3, community 3; 000 = the level above.</summary>
    public static GridCodeProfile Area12 { get; } = new("area-12", [new("county", 6), new("street", 3), new("community", 3)], zeroSerial: true);

    public static IReadOnlyList<GridCodeProfile> All { get; } = [Unit15, Unit16, Professional20, Area12];

    /// <summary>The profile of a name, or null.</summary>
    public static GridCodeProfile? Find(string? name) => All.FirstOrDefault(profile => profile.Name == name);
}

/// <summary>Why a code was refused.</summary>
public static class GridCodeReasons
{
    public const string Missing = "grid-code.missing";
    public const string WrongLength = "grid-code.wrong-length";
    public const string NotDigits = "grid-code.not-digits";
    public const string ZeroSerial = "grid-code.zero-serial";
    public const string WrongArea = "grid-code.wrong-area";
    public const string Exhausted = "grid-code.exhausted";
}

/// <summary>A code, or why there is none.</summary>
/// <param name="Code">All digits; null when refused.</param>
/// <param name="Reason">One of <see cref="GridCodeReasons"/>; null when accepted.</param>
/// <param name="Detail">For a person; null when accepted.</param>
public readonly record struct GridCodeResult(string? Code, string? Reason, string? Detail)
{
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Code))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Reason), nameof(Detail))]
    public bool IsValid => Code is not null;
}

/// <summary>Reads, writes and numbers grid codes by a profile. Digits are ASCII 0–9.</summary>
public static class GridCode
{
    /// <summary>Checks a code; <paramref name="areaCode"/>, when given, must be its beginning.</summary>
    public static GridCodeResult Parse(string? text, GridCodeProfile profile, string? areaCode = null)
    {
        if (string.IsNullOrEmpty(text)) return Refuse(GridCodeReasons.Missing, $"expected {profile.Length} digits");
        if (text.Length != profile.Length) return Refuse(GridCodeReasons.WrongLength, $"{text.Length} characters, expected {profile.Length} digits ({Shape(profile)})");
        if (!AllDigits(text)) return Refuse(GridCodeReasons.NotDigits, $"expected {profile.Length} digits ({Shape(profile)})");
        if (!profile.ZeroSerial && !text.AsSpan(profile.PrefixLength).ContainsAnyExcept('0'))
            return Refuse(GridCodeReasons.ZeroSerial, $"the {profile.Segments[^1].Name} starts at 1");
        if (areaCode is not null && !text.StartsWith(areaCode, StringComparison.Ordinal))
            return Refuse(GridCodeReasons.WrongArea, $"expected a code that begins with {areaCode}");
        return new(text, null, null);
    }

    /// <summary>The parts of a valid code in the order of the profile's segments.</summary>
    /// <exception cref="ArgumentException">The code does not follow the profile.</exception>
    public static string[] Split(string code, GridCodeProfile profile)
    {
        var parsed = Parse(code, profile);
        if (!parsed.IsValid) throw new ArgumentException($"{parsed.Reason}: {parsed.Detail}", nameof(code));
        var parts = new string[profile.Segments.Count];
        for (int i = 0, at = 0; i < parts.Length; at += profile.Segments[i].Digits, i++) parts[i] = code.Substring(at, profile.Segments[i].Digits);
        return parts;
    }

    /// <summary>Puts a serial behind the code of its area.</summary>
    public static GridCodeResult Format(string? prefix, long serial, GridCodeProfile profile)
    {
        if (string.IsNullOrEmpty(prefix) && profile.PrefixLength > 0) return Refuse(GridCodeReasons.Missing, $"expected {profile.PrefixLength} digits before the serial");
        prefix ??= "";
        if (prefix.Length != profile.PrefixLength) return Refuse(GridCodeReasons.WrongLength, $"{prefix.Length} characters before the serial, expected {profile.PrefixLength} digits");
        if (!AllDigits(prefix)) return Refuse(GridCodeReasons.NotDigits, "expected digits before the serial");
        if (serial < 0 || (serial == 0 && !profile.ZeroSerial)) return Refuse(GridCodeReasons.ZeroSerial, $"the {profile.Segments[^1].Name} starts at 1");
        if (serial > profile.MaxSerial) return Refuse(GridCodeReasons.Exhausted, $"{prefix} has no serial above {profile.MaxSerial}");
        return new(prefix + serial.ToString("D" + profile.Segments[^1].Digits, CultureInfo.InvariantCulture), null, null);
    }

    /// <summary>The code after the highest one used so far under a prefix.</summary>
    /// <param name="prefix">The area's code.</param>
    /// <param name="used">
    /// All codes ever given, voided ones too: an old code is never given to another grid. Codes of other areas and shapes are passed over.
    /// </param>
    /// <param name="profile">How codes look.</param>
    public static GridCodeResult Next(string? prefix, IEnumerable<string> used, GridCodeProfile profile)
    {
        long highest = 0;
        foreach (var code in used)
        {
            if (prefix is null || code.Length != profile.Length || !code.StartsWith(prefix, StringComparison.Ordinal)) continue;
            if (long.TryParse(code.AsSpan(profile.PrefixLength), NumberStyles.None, CultureInfo.InvariantCulture, out var serial)) highest = Math.Max(highest, serial);
        }

        return Format(prefix, highest + 1, profile);
    }

    /// <summary>In which order grids of one area get their serials: row by row from the north, each row from west to east.</summary>
    /// <param name="xs">Metres east of each grid's label point.</param>
    /// <param name="ys">Metres north.</param>
    /// <param name="rowMetres">How far south of its northernmost grid a row reaches; the median height of the grids suits.</param>
    /// <returns>Indices of the grids, first serial first. Equal places keep the order given.</returns>
    /// <exception cref="ArgumentException">Spans of different lengths, or a row height not above 0.</exception>
    public static int[] SerialOrder(ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, double rowMetres)
    {
        if (xs.Length != ys.Length) throw new ArgumentException($"{xs.Length} xs and {ys.Length} ys do not belong together");
        Guard.Positive(rowMetres);
        double[] east = xs.ToArray(), north = ys.ToArray();
        var order = Enumerable.Range(0, east.Length).OrderByDescending(i => north[i]).ThenBy(i => east[i]).ToArray();
        for (var start = 0; start < order.Length;)
        {
            var end = start + 1;
            while (end < order.Length && north[order[start]] - north[order[end]] < rowMetres) end++;
            var row = order[start..end].OrderBy(i => east[i]).ThenByDescending(i => north[i]).ToArray();
            row.CopyTo(order, start);
            start = end;
        }

        return order;
    }

    private static bool AllDigits(string text) => !text.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static string Shape(GridCodeProfile profile) => string.Join(" + ", profile.Segments.Select(s => $"{s.Name} {s.Digits}"));

    private static GridCodeResult Refuse(string reason, string detail) => new(null, reason, detail);
}
