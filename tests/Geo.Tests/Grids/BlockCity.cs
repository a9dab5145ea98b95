using GridMap.Geo.Grids;

namespace GridMap.Geo.Tests.Grids;

/// <summary>Blocks in rows and columns, 60–130 m wide, a street between any two, an arterial every fourth; some streets are missing.</summary>
internal sealed class BlockCity
{
    public BlockCity(int columns, int rows, int seed, double withoutStreet = 0.05, bool today = false)
    {
        var random = new Random(seed);
        double[] widths = [.. Enumerable.Range(0, columns).Select(_ => 60 + random.NextDouble() * 70)], heights = [.. Enumerable.Range(0, rows).Select(_ => 60 + random.NextDouble() * 70)];
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var households = random.Next(8) == 0 ? 0 : random.Next(5, 45);
                Blocks.Add(new(households, households * 2.7, households * random.NextDouble(), widths[column] * heights[row], 2 * (widths[column] + heights[row]),
                    today ? (row + 2) / 5 * 100 + (column + 1) / 3 : -1));
                var at = row * columns + column;
                if (column > 0) Borders.Add(new(at - 1, at, heights[row], column % 4 == 0 ? BorderKind.Arterial : random.NextDouble() < withoutStreet ? BorderKind.None : BorderKind.Street));
                if (row > 0) Borders.Add(new(at - columns, at, widths[column], row % 4 == 0 ? BorderKind.Arterial : random.NextDouble() < withoutStreet ? BorderKind.None : BorderKind.Street));
            }
        }
    }

    public List<DelineationBlock> Blocks { get; } = [];

    public List<DelineationBorder> Borders { get; } = [];

    public double Households => Blocks.Sum(block => block.Households);

    /// <summary>Whether each grid hangs together, found by walking from block to block.</summary>
    public bool IsContiguous(int[] gridOfBlock)
    {
        var root = Enumerable.Range(0, Blocks.Count).ToArray();
        foreach (var border in Borders.Where(border => gridOfBlock[border.A] == gridOfBlock[border.B])) root[Find(border.A)] = Find(border.B);
        return Enumerable.Range(0, Blocks.Count).GroupBy(block => gridOfBlock[block]).All(grid => grid.Select(Find).Distinct().Count() == 1);

        int Find(int block)
        {
            while (root[block] != block) block = root[block] = root[root[block]];
            return block;
        }
    }
}
