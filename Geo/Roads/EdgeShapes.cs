namespace GridMap.Geo.Roads;

/// <summary>The lines of a network's edges in the metric plane, packed one after the other.</summary>
/// <remarks>Each runs from the edge's From to its To through at least two points. Immutable, thread-safe.</remarks>
public sealed class EdgeShapes
{
    private readonly int[] first;
    private readonly double[] xs;
    private readonly double[] ys;

    /// <param name="first">Where each line begins, and at the end the number of points.</param>
    /// <param name="xs">East, metres.</param>
    /// <param name="ys">North, metres.</param>
    /// <param name="metres">True length of each line; the plane's own may be up to 1 : 1,000 off.</param>
    /// <exception cref="ArgumentException">Lists do not fit, or a line has fewer than two points.</exception>
    public EdgeShapes(int[] first, double[] xs, double[] ys, double[] metres)
    {
        if (first.Length != metres.Length + 1 || first[0] != 0 || first[^1] != xs.Length || xs.Length != ys.Length)
            throw new ArgumentException("the lists of lines, points and lengths do not fit");
        for (var i = 0; i < metres.Length; i++)
        {
            if (first[i + 1] < first[i] + 2) throw new ArgumentException($"line {i} has fewer than two points");
        }

        (this.first, this.xs, this.ys, Metres) = (first, xs, ys, metres);
    }

    public int Count => first.Length - 1;

    public int Points => xs.Length;

    /// <summary>True length of each line in metres.</summary>
    public IReadOnlyList<double> Metres { get; }

    public int First(int edge) => first[edge];

    public ReadOnlySpan<double> Xs(int edge) => xs.AsSpan(first[edge], first[edge + 1] - first[edge]);

    public ReadOnlySpan<double> Ys(int edge) => ys.AsSpan(first[edge], first[edge + 1] - first[edge]);

    /// <summary>The same lines in another order.</summary>
    /// <param name="order">Which of the lines comes first, second and so on; each once.</param>
    internal EdgeShapes InOrder(ReadOnlySpan<int> order)
    {
        var (starts, metres, newXs, newYs) = (new int[first.Length], new double[Count], new double[Points], new double[Points]);
        for (var i = 0; i < order.Length; i++)
        {
            Xs(order[i]).CopyTo(newXs.AsSpan(starts[i]));
            Ys(order[i]).CopyTo(newYs.AsSpan(starts[i]));
            metres[i] = Metres[order[i]];
            starts[i + 1] = starts[i] + Xs(order[i]).Length;
        }

        return new EdgeShapes(starts, newXs, newYs, metres);
    }

    /// <summary>Length in the plane.</summary>
    public double PlaneLength(int edge)
    {
        var x = Xs(edge);
        var y = Ys(edge);
        var sum = 0.0;
        for (var i = 1; i < x.Length; i++) sum += Math.Sqrt(Square(x[i] - x[i - 1]) + Square(y[i] - y[i - 1]));
        return sum;
    }

    /// <summary>The place a part of the way along a line.</summary>
    public (double X, double Y) At(int edge, double fraction)
    {
        var x = Xs(edge);
        var y = Ys(edge);
        if (fraction <= 0) return (x[0], y[0]);
        var left = PlaneLength(edge) * fraction;
        for (var i = 1; i < x.Length; i++)
        {
            var length = Math.Sqrt(Square(x[i] - x[i - 1]) + Square(y[i] - y[i - 1]));
            if (left < length) return (x[i - 1] + (x[i] - x[i - 1]) * (left / length), y[i - 1] + (y[i] - y[i - 1]) * (left / length));
            left -= length;
        }

        return (x[^1], y[^1]);
    }

    /// <summary>The stretch of a line between two fractions, in that direction; with both ends, so at least one point.</summary>
    public List<(double X, double Y)> Stretch(int edge, double start, double end)
    {
        var x = Xs(edge);
        var y = Ys(edge);
        var (low, high) = (Math.Min(start, end), Math.Max(start, end));
        var whole = PlaneLength(edge);
        var line = new List<(double, double)> { At(edge, low) };
        var along = 0.0;
        for (var i = 1; i < x.Length - 1; i++)
        {
            along += Math.Sqrt(Square(x[i] - x[i - 1]) + Square(y[i] - y[i - 1]));
            if (along > low * whole && along < high * whole) line.Add((x[i], y[i]));
        }

        if (high > low) line.Add(At(edge, high));
        if (end < start) line.Reverse();
        return line;
    }

    /// <summary>Edges as straight lines, as long as they are in the plane.</summary>
    internal static EdgeShapes Straight(double[] nodeXs, double[] nodeYs, ReadOnlySpan<NetworkEdge> edges)
    {
        var starts = new int[edges.Length + 1];
        var (pointXs, pointYs, lengths) = (new double[2 * edges.Length], new double[2 * edges.Length], new double[edges.Length]);
        for (var i = 0; i < edges.Length; i++)
        {
            starts[i + 1] = 2 * i + 2;
            (pointXs[2 * i], pointYs[2 * i], pointXs[2 * i + 1], pointYs[2 * i + 1]) = (nodeXs[edges[i].From], nodeYs[edges[i].From], nodeXs[edges[i].To], nodeYs[edges[i].To]);
            lengths[i] = Math.Sqrt(Square(pointXs[2 * i] - pointXs[2 * i + 1]) + Square(pointYs[2 * i] - pointYs[2 * i + 1]));
        }

        return new(starts, pointXs, pointYs, lengths);
    }

    private static double Square(double value) => value * value;
}
