using GridMap.Geo.Hotspots;
using GridMap.Geo.Projections;
using GridMap.Server.Http;

namespace GridMap.Server.Hotspots;

/// <summary>
/// A surface of the metric plane as a picture that is square to Web Mercator, so that a map can lay it over a box. Each pixel takes the value at
/// its own place; the values stay what they were, incidents per true square kilometre.
/// </summary>
public static class DensityPicture
{
    // Between nodes 16 pixels apart the projection is bent by less than a thousandth of a pixel at a city's size.
    private const int Mesh = 16;
    private const int MostPixels = 2_000_000;
    private const int Levels = 64;
    private const double Faintest = 0.02;

    // Pale yellow to dark red, ever less transparent.
    private static readonly Rgba[] Ramp = [new(255, 245, 190, 70), new(254, 217, 118, 140), new(253, 141, 60, 180), new(227, 26, 28, 205), new(110, 0, 38, 225)];

    /// <param name="surface">In <paramref name="plane"/>.</param>
    /// <param name="plane">Where the surface lies.</param>
    /// <param name="top">The value that gets the last colour; below 2 % of it the picture is transparent.</param>
    /// <returns>The PNG and the box it covers, in degrees.</returns>
    public static (byte[] Png, Bbox Box) Draw(Surface surface, MetricPlane plane, double top)
    {
        var (warped, box) = Warp(surface, plane);
        var levels = new double[Levels];
        var colours = new Rgba[Levels];
        for (var i = 0; i < Levels; i++)
        {
            levels[i] = (top > 0 ? top : 1) * (Faintest + ((1 - Faintest) * i / Levels));
            colours[i] = Colour(i / (double)(Levels - 1));
        }
        return (SurfacePng.Encode(warped, levels, colours), box);
    }

    /// <summary>The surface resampled (bilinear) on a lattice of Web Mercator metres; NaN outside the original.</summary>
    internal static (Surface Warped, Bbox Box) Warp(Surface surface, MetricPlane plane)
    {
        var mercator = KnownCrs.WebMercator;
        var degrees = DensityFrame.Degrees(surface.Lattice, plane);
        var (west, south) = mercator.FromLonLat(degrees.West, degrees.South);
        var (east, north) = mercator.FromLonLat(degrees.East, degrees.North);
        // Web Mercator stretches by 1/cos(lat): pixels that large keep the resolution and no more.
        var pixel = surface.Lattice.CellMetres / Math.Cos(double.DegreesToRadians((degrees.South + degrees.North) / 2));
        pixel = Math.Max(pixel, Math.Sqrt((east - west) * (north - south) / MostPixels));
        var columns = Math.Max(1, (int)Math.Ceiling((east - west) / pixel));
        var rows = Math.Max(1, (int)Math.Ceiling((north - south) / pixel));
        var lattice = new Lattice(west, south, pixel, Math.Min(columns, Lattice.MaxSide), Math.Min(rows, Lattice.MaxSide));
        var values = new double[lattice.CellCount];

        for (var startRow = 0; startRow < lattice.Rows; startRow += Mesh)
        {
            for (var startColumn = 0; startColumn < lattice.Columns; startColumn += Mesh)
            {
                var (x0, y0) = InPlane(startColumn, startRow);
                var (x1, y1) = InPlane(startColumn + Mesh, startRow);
                var (x2, y2) = InPlane(startColumn, startRow + Mesh);
                var (x3, y3) = InPlane(startColumn + Mesh, startRow + Mesh);
                for (var row = startRow; row < Math.Min(startRow + Mesh, lattice.Rows); row++)
                {
                    var v = (row - startRow) / (double)Mesh;
                    double leftX = x0 + ((x2 - x0) * v), leftY = y0 + ((y2 - y0) * v), rightX = x1 + ((x3 - x1) * v), rightY = y1 + ((y3 - y1) * v);
                    for (var column = startColumn; column < Math.Min(startColumn + Mesh, lattice.Columns); column++)
                    {
                        var u = (column - startColumn) / (double)Mesh;
                        values[(row * lattice.Columns) + column] = ValueAt(surface, leftX + ((rightX - leftX) * u), leftY + ((rightY - leftY) * u));
                    }
                }
            }
        }
        var (boxEast, boxNorth) = mercator.ToLonLat(lattice.EndX, lattice.EndY);
        return (new Surface(lattice, values), new Bbox(degrees.West, degrees.South, boxEast, boxNorth));

        (double X, double Y) InPlane(int column, int row)
        {
            var (lon, lat) = mercator.ToLonLat(lattice.CentreX(column), lattice.CentreY(row));
            return plane.ToMetres(lon, lat);
        }
    }

    private static double ValueAt(Surface surface, double x, double y)
    {
        var lattice = surface.Lattice;
        double column = ((x - lattice.OriginX) / lattice.CellMetres) - 0.5, row = ((y - lattice.OriginY) / lattice.CellMetres) - 0.5;
        if (!(column >= -0.5 && row >= -0.5 && column <= lattice.Columns - 0.5 && row <= lattice.Rows - 0.5)) return double.NaN;
        int left = Math.Clamp((int)Math.Floor(column), 0, lattice.Columns - 1), low = Math.Clamp((int)Math.Floor(row), 0, lattice.Rows - 1);
        int right = Math.Min(left + 1, lattice.Columns - 1), high = Math.Min(low + 1, lattice.Rows - 1);
        double u = Math.Clamp(column - left, 0, 1), v = Math.Clamp(row - low, 0, 1);
        return (((surface[left, low] * (1 - u)) + (surface[right, low] * u)) * (1 - v)) + (((surface[left, high] * (1 - u)) + (surface[right, high] * u)) * v);
    }

    private static Rgba Colour(double part)
    {
        var at = part * (Ramp.Length - 1);
        var low = Math.Min((int)at, Ramp.Length - 2);
        var (from, to, rest) = (Ramp[low], Ramp[low + 1], at - low);
        return new Rgba(Mix(from.Red, to.Red), Mix(from.Green, to.Green), Mix(from.Blue, to.Blue), Mix(from.Alpha, to.Alpha));

        byte Mix(byte one, byte other) => (byte)Math.Round(one + ((other - one) * rest));
    }
}
