using GridMap.Server.Databases;
using GridMap.Server.Grids;
using GridMap.Server.Layers;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Layers;

/// <summary>Counts that are kept for a version and a question.</summary>
public sealed class MatchCountsTests
{
    [Fact]
    public void A_question_is_named_once_for_looking_and_keeping()
    {
        var (counts, value) = (new MatchCounts(), new Counting());
        var question = new FeatureQuestion(GridLayer.Layer, 10) { Filter = Sql.Of($"code = {value}") };
        var place = counts.Of(GridLayer.Layer, 1, question);
        place.Known.ShouldBeNull();
        place.Keep(7);
        place.Known.ShouldBe(7);
        value.Named.ShouldBe(1);
        counts.Of(GridLayer.Layer, 1, question).Known.ShouldBe(7);
        counts.Of(GridLayer.Layer, 2, question).Known.ShouldBeNull();
    }

    private sealed class Counting : IFormattable
    {
        public int Named { get; private set; }

        public string ToString(string? format, IFormatProvider? formatProvider)
        {
            Named++;
            return "7";
        }
    }
}
