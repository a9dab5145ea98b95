using System.Globalization;
using System.Text.RegularExpressions;

namespace GridMap.Server.Layers;

/// <summary>How much memory copies of layers may take: <c>GRIDMAP_MEMORY</c>, such as <c>2GiB</c>, <c>512MiB</c>, a number of bytes, or <c>0</c> for none.</summary>
public sealed partial record MemoryBudget(long Bytes)
{
    public const string Variable = "GRIDMAP_MEMORY";

    private const long Default = 2L << 30;

    public static MemoryBudget Read(IConfiguration configuration)
    {
        if (configuration[Variable] is not { Length: > 0 } text) return new MemoryBudget(Default);
        if (Shape().Match(text) is not { Success: true } match || !long.TryParse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new InvalidOperationException($"{Variable} must be a size such as 2GiB, 512MiB or 0, not '{text}'.");
        var unit = match.Groups["unit"].Value switch { "KiB" => 10, "MiB" => 20, "GiB" => 30, _ => 0 };
        return new MemoryBudget(Math.Min(number, long.MaxValue >> unit) << unit);
    }

    [GeneratedRegex("^(?<number>[0-9]{1,18})(?<unit>KiB|MiB|GiB|)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape();
}
