using GridMap.Geo.Roads;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Roads;

public sealed class NodeBucketsTests
{
    // A bucket is 4,096 mm deep.
    private const int Bucket = 4096;

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    [InlineData(500_000_000)]
    public void Everything_comes_out_once_and_nearer_buckets_first(int widest)
    {
        var random = new Random(widest);
        var queue = new NodeBuckets();
        for (var round = 0; round < 20; round++)
        {
            var waiting = new List<(int Distance, int Node)>();
            for (var i = 0; i < 50; i++) Push(random.Next(widest), i);
            var steps = 0;
            while (queue.TryTake(out var distance, out var node))
            {
                waiting.Remove((distance, node)).ShouldBeTrue();
                if (waiting.Count > 0) (waiting.Min(entry => entry.Distance) / Bucket).ShouldBeGreaterThanOrEqualTo(distance / Bucket);
                for (var more = random.Next(3); more > 0 && steps++ < 400 && distance < 500_000_000; more--) Push(distance + random.Next(widest), random.Next(1000));
            }

            waiting.ShouldBeEmpty();

            void Push(int distance, int node)
            {
                waiting.Add((distance, node));
                queue.Push(distance, node);
            }
        }
    }

    [Fact]
    public void What_is_cleared_is_gone_and_the_next_search_may_begin_nearer()
    {
        var queue = new NodeBuckets();
        queue.Push(900_000_000, 1);
        queue.Push(5, 2);
        queue.TryTake(out _, out var first).ShouldBeTrue();
        first.ShouldBe(2);
        queue.Clear();
        queue.TryTake(out _, out _).ShouldBeFalse();
        queue.Push(3, 7);
        queue.TryTake(out var distance, out var node).ShouldBeTrue();
        (distance, node).ShouldBe((3, 7));
    }
}
