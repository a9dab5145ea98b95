using GridMap.Geo.Grids;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Grids;

public sealed class ExactDivisionTests
{
    private static DelineationBlock Block(double households) => new(households, households, 0, 10_000, 400);

    [Fact]
    public void Two_blocks_that_are_too_few_and_too_many_are_proven_not_to_fit()
    {
        // 737 households are one grid and a half, and the halves cannot be evened out.
        GridDelineation.Fit([Block(258), Block(479)], [new(0, 1, 100, BorderKind.Street)], null, out var impossible).ShouldBeNull();
        impossible.ShouldBeTrue();
        var fit = GridDelineation.Fit([Block(308), Block(429)], [new(0, 1, 100, BorderKind.Street)], null, out impossible).ShouldNotBeNull();
        (fit.Score.Grids, fit.Score.ShareInBand, impossible).ShouldBe((2, 1, false));
    }

    [Fact]
    public void Every_answer_equals_that_of_trying_all_partitions()
    {
        var random = new Random(31);
        var (found, none, open) = (0, 0, 0);
        for (var town = 0; town < 400; town++)
        {
            var count = random.Next(3, 9);
            DelineationBlock[] blocks = [.. Enumerable.Range(0, count).Select(_ => Block(random.Next(4) == 0 ? 0 : random.Next(60, 400)))];
            var borders = new List<DelineationBorder>();
            for (var a = 0; a < count; a++)
            {
                for (var b = a + 1; b < count; b++)
                {
                    if (b == a + 1 || random.Next(4) == 0) borders.Add(new(a, b, 50, random.Next(6) == 0 ? BorderKind.Water : BorderKind.Street));
                }
            }

            var fit = GridDelineation.Fit(blocks, borders, null, out var impossible);
            var exists = AnyPartition(blocks, borders, new int[count], 0, 0);
            if (fit is not null)
            {
                exists.ShouldBeTrue();
                Fits(blocks, borders, fit.GridOfBlock).ShouldBeTrue();
                found++;
            }
            else if (impossible)
            {
                exists.ShouldBeFalse();
                none++;
            }
            else
            {
                open++;
            }
        }

        found.ShouldBeGreaterThan(50);
        none.ShouldBeGreaterThan(50);
        // Given up where land that nobody lives on would be needed twice, or is cut off by water.
        open.ShouldBeLessThan(100);
    }

    [Fact]
    public void A_city_of_small_blocks_fits_soon()
    {
        var city = new BlockCity(12, 10, 3);
        var fit = GridDelineation.Fit(city.Blocks, city.Borders, new() { MovesPerBlock = 50 }, out var impossible).ShouldNotBeNull();
        impossible.ShouldBeFalse();
        fit.Score.ShareInBand.ShouldBe(1);
        city.IsContiguous(fit.GridOfBlock).ShouldBeTrue();
    }

    private static bool AnyPartition(DelineationBlock[] blocks, List<DelineationBorder> borders, int[] gridOf, int at, int grids)
    {
        if (at == blocks.Length) return Fits(blocks, borders, gridOf);
        for (var grid = 0; grid <= grids; grid++)
        {
            gridOf[at] = grid;
            if (AnyPartition(blocks, borders, gridOf, at + 1, Math.Max(grids, grid + 1))) return true;
        }

        return false;
    }

    private static bool Fits(DelineationBlock[] blocks, List<DelineationBorder> borders, int[] gridOf)
    {
        foreach (var grid in Enumerable.Range(0, blocks.Length).GroupBy(block => gridOf[block]))
        {
            if (grid.Sum(block => blocks[block].Households) is < 300 or > 500) return false;
            HashSet<int> reached = [grid.First()];
            for (var more = true; more;)
            {
                more = false;
                foreach (var border in borders.Where(border => border.Street != BorderKind.Water && gridOf[border.A] == grid.Key && gridOf[border.B] == grid.Key))
                    if (reached.Contains(border.A) != reached.Contains(border.B)) more = reached.Add(border.A) | reached.Add(border.B);
            }

            if (reached.Count != grid.Count()) return false;
        }

        return true;
    }
}
