namespace GridMap.Geo.Packed;

/// <summary>A raster of equal cells over a box in degrees: which cell a place is in.</summary>
internal readonly struct RasterFrame
{
    private const double Steps = 1e7;
    private const int MostCells = 1 << 20, CellsAnItem = 40;

    private readonly double _west, _south, _perLon, _perLat;

    private RasterFrame(double west, double south, double perLon, double perLat, int side) => (_west, _south, _perLon, _perLat, Side) = (west, south, perLon, perLat, side);

    /// <summary>Columns, and as many rows.</summary>
    public int Side { get; }

    public static RasterFrame Around(PackedBox box, int items)
    {
        if (box.MinX > box.MaxX) box = new PackedBox(0, 0, 1, 1);
        var side = (int)Math.Sqrt(Math.Clamp((double)items * CellsAnItem, 16, MostCells));
        double west = box.MinX / Steps, south = box.MinY / Steps;
        return new RasterFrame(west, south, side / Math.Max(1e-6, (box.MaxX / Steps) - west), side / Math.Max(1e-6, (box.MaxY / Steps) - south), side);
    }

    /// <summary>The cell of a place; -1 outside. A place on the eastern or northern edge belongs to the last cell.</summary>
    public int CellAt(double lon, double lat)
    {
        var (column, row) = ((lon - _west) * _perLon, (lat - _south) * _perLat);
        if (!(column >= 0 && row >= 0 && column <= Side && row <= Side)) return -1;
        return (Math.Min((int)row, Side - 1) * Side) + Math.Min((int)column, Side - 1);
    }

    /// <summary>The row of a latitude; below and above the frame the first and the last. Never less for a greater latitude.</summary>
    public int Row(double lat) => (int)Math.Clamp((lat - _south) * _perLat, 0, Side - 1);

    /// <summary>Columns east of the frame's western side, with a fraction.</summary>
    public double X(double lon) => (lon - _west) * _perLon;

    /// <summary>Rows north of the frame's southern side, with a fraction.</summary>
    public double Y(double lat) => (lat - _south) * _perLat;

    /// <summary>The middle of a cell.</summary>
    public (double Lon, double Lat) Middle(int column, int row) => (_west + ((column + 0.5) / _perLon), _south + ((row + 0.5) / _perLat));
}
