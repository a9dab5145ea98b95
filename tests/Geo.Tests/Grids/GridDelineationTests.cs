using System.Diagnostics;
using GridMap.Geo.Grids;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace GridMap.Geo.Tests.Grids;

public class GridDelineationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(12, 10, 1)]
    [InlineData(12, 10, 2)]
    [InlineData(12, 10, 3)]
    [InlineData(12, 10, 4)]
    [InlineData(12, 10, 5)]
    [InlineData(15, 8, 6)]
    [InlineData(20, 6, 7)]
    public void A_community_is_cut_into_grids_in_the_band_whole_and_along_streets(int columns, int rows, int seed)
    {
        var city = new BlockCity(columns, rows, seed);
        var watch = Stopwatch.StartNew();
        var proposals = GridDelineation.Propose(city.Blocks, city.Borders, new() { Seed = seed });
        output.WriteLine($"{city.Households} households, {watch.ElapsedMilliseconds} ms");
        proposals.Count.ShouldBeGreaterThan(0);
        foreach (var proposal in proposals)
        {
            var score = proposal.Score;
            output.WriteLine($"{score.Grids} grids {score.Sizes.Min}–{score.Sizes.Max} CV {score.Sizes.CoefficientOfVariation:F3} PP {score.MeanCompactness:F3} streets {score.OnStreets:P1} total {score.Total:F2}");
            score.ShareInBand.ShouldBe(1);
            score.NotContiguous.ShouldBe(0);
            score.OnStreets.ShouldBeGreaterThanOrEqualTo(0.99);
            score.MeanCompactness.ShouldBeGreaterThan(0.45);
            // Counted again from the answer alone.
            city.IsContiguous(proposal.GridOfBlock).ShouldBeTrue();
            var sizes = Enumerable.Range(0, city.Blocks.Count).GroupBy(b => proposal.GridOfBlock[b]).Select(grid => grid.Sum(b => city.Blocks[b].Households)).ToArray();
            sizes.ShouldAllBe(size => size >= 300 && size <= 500);
            sizes.Length.ShouldBe(score.Grids);
            GridDelineation.Score(city.Blocks, city.Borders, proposal.GridOfBlock).Total.ShouldBe(score.Total, 1e-6);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_and_another_seed_another()
    {
        var city = new BlockCity(12, 10, 9);
        var one = GridDelineation.Propose(city.Blocks, city.Borders, new() { Seed = 5 });
        var two = GridDelineation.Propose(city.Blocks, city.Borders, new() { Seed = 5 });
        one.Select(p => string.Join(',', p.GridOfBlock)).ShouldBe(two.Select(p => string.Join(',', p.GridOfBlock)));
        // In a small city both may find the same best one.
        var large = new BlockCity(24, 20, 9);
        IEnumerable<string> ByTrees(int seed) => GridDelineation.Propose(large.Blocks, large.Borders, new() { Seed = seed, MovesPerBlock = 0 }).Select(p => string.Join(',', p.GridOfBlock));
        ByTrees(5).ShouldNotBe(ByTrees(6));
    }

    [Fact]
    public void Any_target_may_be_evened_out()
    {
        var city = new BlockCity(14, 12, 11);
        var area = city.Blocks.Sum(block => block.SquareMetres) / 10_000;
        var byArea = GridDelineation.Propose(city.Blocks, city.Borders, new() { HouseholdWeight = 0, HectareWeight = 1, Least = area / 10, Most = area / 6 })[0];
        byArea.Score.ShareInBand.ShouldBe(1);
        byArea.Score.Sizes.Mean.ShouldBe(area / byArea.Score.Grids, 1e-6);
        var residents = GridDelineation.Propose(city.Blocks, city.Borders, new() { HouseholdWeight = 0, ResidentWeight = 1, Least = 800, Most = 1_400 })[0];
        residents.Score.ShareInBand.ShouldBe(1);
        city.IsContiguous(residents.GridOfBlock).ShouldBeTrue();
    }

    [Fact]
    public void What_exists_is_kept_as_far_as_wanted()
    {
        var city = new BlockCity(16, 12, 13, today: true);
        var free = GridDelineation.Propose(city.Blocks, city.Borders, new() { Keep = 0 })[0].Score;
        var half = GridDelineation.Propose(city.Blocks, city.Borders, new() { Keep = 0.5 })[0].Score;
        var kept = GridDelineation.Propose(city.Blocks, city.Borders, new() { Keep = 1 })[0].Score;
        output.WriteLine($"moved of {city.Households}: {free.HouseholdsMoved}, {half.HouseholdsMoved}, {kept.HouseholdsMoved}");
        kept.ShareInBand.ShouldBe(1);
        kept.HouseholdsMoved.ShouldBeLessThanOrEqualTo(half.HouseholdsMoved);
        kept.HouseholdsMoved.ShouldBeLessThan(free.HouseholdsMoved * 0.75);
        // Numbers of today go on.
        GridDelineation.Propose(city.Blocks, city.Borders, new() { Keep = 1 })[0].GridOfBlock.Intersect(city.Blocks.Select(block => block.Current)).Count().ShouldBeGreaterThan(6);
    }

    [Theory]
    [InlineData(10, 8, 1)]
    [InlineData(10, 8, 2)]
    [InlineData(9, 7, 3)]
    [InlineData(12, 10, 4)]
    [InlineData(12, 10, 5)]
    public void Who_wants_to_keep_more_never_moves_more(int columns, int rows, int seed)
    {
        // Grids of today that are far from the band: beginning with them leads to bad places.
        var city = new BlockCity(columns, rows, seed, today: true);
        var random = new Random(seed);
        var merged = Enumerable.Range(0, 1_000).Select(_ => random.Next(3)).ToArray();
        for (var b = 0; b < city.Blocks.Count; b++) city.Blocks[b] = city.Blocks[b] with { Current = city.Blocks[b].Current / 100 * 100 + merged[city.Blocks[b].Current] };
        double[] keeps = [0.01, 0.25, 0.5, 0.75, 0.99, 1];
        var found = Array.ConvertAll(keeps, keep => GridDelineation.Propose(city.Blocks, city.Borders, new() { Keep = keep, Seed = seed }));
        double[] moved = Array.ConvertAll(found, proposals => proposals[0].Score.HouseholdsMoved);
        output.WriteLine($"{city.Households}: {string.Join(", ", moved)}");
        moved.ShouldBe(moved.OrderDescending());
        found.Select(proposals => proposals[0].Score.OutOfBand).Distinct().Count().ShouldBe(1);
        var least = moved[^1];
        found[^1].Where(proposal => proposal.Score.OutOfBand == found[0][0].Score.OutOfBand).Min(proposal => proposal.Score.HouseholdsMoved).ShouldBe(least);
        GridDelineation.Propose(city.Blocks, city.Borders, new() { Keep = 0, Seed = seed })[0].Score.HouseholdsMoved.ShouldBeGreaterThanOrEqualTo(least);
    }

    [Fact]
    public void Single_moves_are_ranked_and_each_helps()
    {
        var city = new BlockCity(16, 12, 17, today: true);
        var moves = GridDelineation.Improve(city.Blocks, city.Borders);
        moves.Count.ShouldBeInRange(1, 20);
        moves.Select(move => move.Gain).ShouldBe(moves.Select(move => move.Gain).OrderDescending());
        var today = city.Blocks.Select(block => block.Current).ToArray();
        var before = GridDelineation.Score(city.Blocks, city.Borders, today).Total;
        foreach (var move in moves)
        {
            var after = (int[])today.Clone();
            after[move.Block] = move.To;
            GridDelineation.Score(city.Blocks, city.Borders, after).Total.ShouldBe(before - move.Gain, 1e-6);
            city.IsContiguous(after).ShouldBeTrue();
        }
    }

    [Fact]
    public void Work_can_be_watched_and_stopped()
    {
        var city = new BlockCity(30, 30, 19);
        using var stop = new CancellationTokenSource();
        var seen = new List<double>();
        Should.Throw<OperationCanceledException>(() => GridDelineation.Propose(city.Blocks, city.Borders, new() { MovesPerBlock = 20_000 }, new Watch(share =>
        {
            seen.Add(share);
            if (share > 0.02) stop.Cancel();
        }), stop.Token));
        seen.Count.ShouldBeGreaterThan(1);
        seen.ShouldBe(seen.Order());
    }

    private sealed class Watch(Action<double> seen) : IProgress<double>
    {
        public void Report(double value) => seen(value);
    }

    [Fact]
    public void Odd_input_is_answered()
    {
        Should.Throw<ArgumentException>(() => GridDelineation.Propose([], []));
        Should.Throw<ArgumentException>(() => GridDelineation.Propose([new(1, 1, 1, 1, 4)], [new(0, 1, 5, BorderKind.Street)]));
        Should.Throw<ArgumentException>(() => GridDelineation.Propose([new(double.NaN, 1, 1, 1, 4)], []));
        // One block, too many for one grid: it cannot be cut, and the score says so.
        GridDelineation.Propose([new(900, 2000, 1, 10_000, 400)], [])[0].Score.ShareInBand.ShouldBe(0);
        // Two islands are never one grid, though neither fills a band alone.
        var islands = GridDelineation.Propose([new(100, 1, 1, 100, 40), new(120, 1, 1, 100, 40)], [])[0];
        islands.GridOfBlock[0].ShouldNotBe(islands.GridOfBlock[1]);
        islands.Score.NotContiguous.ShouldBe(0);
    }
}
