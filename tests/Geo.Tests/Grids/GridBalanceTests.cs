using GridMap.Geo.Grids;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Grids;

public class GridBalanceTests
{
    [Fact]
    public void Follows_its_formulas()
    {
        // Squares of 100 m and 200 m, a circle of radius 50 m.
        GridLoad[] grids =
        [
            new(300, 2, new(10_000, 400)), new(500, 4, new(40_000, 800)), new(100, 0, new(Math.PI * 2500, Math.PI * 100)), new(700, 2, new(10_000, 400)),
        ];
        var balance = GridBalance.Of(grids);
        (balance.Count, balance.BelowBand, balance.AboveBand, balance.ShareInBand).ShouldBe((4, 1, 1, 0.5));
        balance.Households.Mean.ShouldBe(400);
        // Deviations −100, 100, −300, 300: √(200,000 / 4).
        balance.Households.StandardDeviation.ShouldBe(Math.Sqrt(50_000), 1e-9);
        balance.Households.CoefficientOfVariation.ShouldBe(Math.Sqrt(50_000) / 400, 1e-12);
        (balance.Households.Min, balance.Households.Max).ShouldBe((100, 700));
        // Mean absolute difference over all ordered pairs: 2·(200+200+400+400+600+200)/16 = 250; 250 / 800.
        balance.Households.Gini.ShouldBe(0.3125, 1e-12);
        balance.MeanCompactness.ShouldBe((3 * Math.PI / 4 + 1) / 4, 1e-12);
        balance.MinCompactness.ShouldBe(Math.PI / 4, 1e-12);
        balance.Load.Mean.ShouldBe(2);
    }

    [Fact]
    public void Equal_grids_have_no_spread_and_bad_input_is_refused()
    {
        var even = Spread.Of([5, 5, 5]);
        (even.CoefficientOfVariation, even.Gini).ShouldBe((0, 0));
        Spread.Of([0, 0]).CoefficientOfVariation.ShouldBe(0);
        Should.Throw<ArgumentException>(() => Spread.Of([]));
        Should.Throw<ArgumentException>(() => Spread.Of([1, double.NaN]));
        Should.Throw<ArgumentException>(() => Spread.Of([-1]));
        Should.Throw<ArgumentException>(() => GridBalance.Of([]));
        Should.Throw<ArgumentException>(() => GridBalance.Of([new(1, 1, default)], 500, 300));
        default(GridShape).Compactness.ShouldBe(0);
    }
}
