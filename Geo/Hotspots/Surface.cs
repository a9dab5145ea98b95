namespace GridMap.Geo.Hotspots;

/// <summary>A lattice of equal square cells in a metric plane.</summary>
/// <param name="OriginX">Metres: the west side of the first column.</param>
/// <param name="OriginY">Metres: the south side of the first row.</param>
/// <param name="CellMetres">Side of a cell, above 0.</param>
/// <param name="Columns">1–<see cref="MaxSide"/>, counted west to east.</param>
/// <param name="Rows">1–<see cref="MaxSide"/>, counted south to north.</param>
public readonly record struct Lattice(double OriginX, double OriginY, double CellMetres, int Columns, int Rows)
{
    /// <summary>16 M cells: 128 MB of values.</summary>
    public const int MaxSide = 4096;

    public int CellCount => Columns * Rows;

    public double CellSquareMetres => CellMetres * CellMetres;

    public double EndX => OriginX + Columns * CellMetres;

    public double EndY => OriginY + Rows * CellMetres;

    public double CentreX(int column) => OriginX + (column + 0.5) * CellMetres;

    public double CentreY(int row) => OriginY + (row + 0.5) * CellMetres;

    /// <summary>The smallest lattice of whole cells around a box, its lower left corner on a multiple of the cell side.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An empty or endless box, or more than <see cref="MaxSide"/> cells on a side.</exception>
    public static Lattice Around(double minX, double minY, double maxX, double maxY, double cellMetres)
    {
        Guard.Positive(cellMetres);
        Guard.Finite(minX);
        Guard.Finite(minY);
        Guard.InRange(maxX, minX, double.MaxValue);
        Guard.InRange(maxY, minY, double.MaxValue);
        double left = Math.Floor(minX / cellMetres), bottom = Math.Floor(minY / cellMetres);
        double columns = Math.Max(1, Math.Ceiling(maxX / cellMetres) - left), rows = Math.Max(1, Math.Ceiling(maxY / cellMetres) - bottom);
        if (columns > MaxSide || rows > MaxSide)
            throw new ArgumentOutOfRangeException(nameof(cellMetres), cellMetres, $"{columns} × {rows} cells; at most {MaxSide} on a side");
        return new(left * cellMetres, bottom * cellMetres, cellMetres, (int)columns, (int)rows);
    }

    internal void Check()
    {
        Guard.Finite(OriginX);
        Guard.Finite(OriginY);
        Guard.Positive(CellMetres);
        Guard.InRange(Columns, 1, MaxSide);
        Guard.InRange(Rows, 1, MaxSide);
    }
}

/// <summary>One value per cell of a lattice, taken at the cell's centre.</summary>
public sealed class Surface
{
    private readonly double[] values;

    /// <param name="lattice">Where.</param>
    /// <param name="values">Row by row from the south, each row from the west; kept, not copied.</param>
    /// <exception cref="ArgumentException">The number of values is not the number of cells.</exception>
    public Surface(Lattice lattice, double[] values)
    {
        lattice.Check();
        if (values.Length != lattice.CellCount) throw new ArgumentException($"{values.Length} values for {lattice.CellCount} cells", nameof(values));
        Lattice = lattice;
        this.values = values;
    }

    public Lattice Lattice { get; }

    /// <summary>Row by row from the south, each row from the west.</summary>
    public ReadOnlySpan<double> Values => values;

    public double this[int column, int row] => values[row * Lattice.Columns + column];

    public double Max()
    {
        var max = double.NegativeInfinity;
        foreach (var value in values) max = Math.Max(max, value);
        return max;
    }

    /// <summary>For values per km²: how many events the surface holds (sum × cell area).</summary>
    public double TotalEvents()
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum * Lattice.CellSquareMetres / 1e6;
    }
}
