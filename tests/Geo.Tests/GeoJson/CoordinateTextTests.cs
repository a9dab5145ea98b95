using System.Globalization;
using System.Text;
using GridMap.Geo.GeoJson;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.GeoJson;

public class CoordinateTextTests
{
    [Fact]
    public void Steps_are_the_shortest_decimal_that_means_them()
    {
        var random = new Random(3);
        int[] edges = [0, 1, 9, 10, 99, 100, 9_999_999, 10_000_000, 10_000_001, 99_999_999, 100_000_000, 999_999_999, 1_000_000_000, 1_800_000_000, int.MaxValue, int.MinValue];
        var asked = edges.SelectMany(edge => new[] { edge, -edge, edge - 1 }).Concat(Enumerable.Range(0, 200_000).Select(i => random.Next(-1_800_000_000, 1_800_000_000) / (int)Math.Pow(10, i % 8) * (int)Math.Pow(10, i % 8))).ToArray();
        Span<byte> text = stackalloc byte[CoordinateText.MaxLength];
        foreach (var steps in asked)
        {
            var length = CoordinateText.WriteSteps(text, steps);
            // decimal holds every one of them exactly.
            Encoding.ASCII.GetString(text[..length]).ShouldBe((steps / 10_000_000m).ToString("0.#######", CultureInfo.InvariantCulture));
        }
    }
}
