namespace GridMap.Geo.Tiles;

/// <summary>
/// A way of cutting the world into tiles that halve at each zoom (OGC 17-083r4): rows count from the north, columns from the west.
/// </summary>
/// <remarks>
/// The latitude–longitude quads have two tiles beside each other at zoom 0, so a tile of zoom z covers as many degrees of longitude as one of WebMercatorQuad's
/// zoom z + 1; what depends on a zoom (detail, thinning) goes by that <see cref="Detail"/>.
/// </remarks>
public sealed class TileMatrixSet
{
    private TileMatrixSet(string id, string title, string? uri, bool isMercator) => (Id, Title, Uri, IsMercator) = (id, title, uri, isMercator);

    /// <summary>Annex D.1: the square of the spherical Mercator projection, EPSG:3857.</summary>
    public static readonly TileMatrixSet WebMercatorQuad = new("WebMercatorQuad", "Google Maps Compatible for the World", "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad", true);

    /// <summary>Annex D.2: longitude and latitude of WGS 84, CRS84.</summary>
    public static readonly TileMatrixSet WorldCrs84Quad = new("WorldCRS84Quad", "CRS84 for the World", "http://www.opengis.net/def/tilematrixset/OGC/1.0/WorldCRS84Quad", false);

    /// <summary>The same tiles on CGCS2000 (EPSG:4490), as China's public map services cut them; no register has a name for it.</summary>
    public static readonly TileMatrixSet Cgcs2000Quad = new("CGCS2000Quad", "CGCS2000 for the World", null, false);

    public static IReadOnlyList<TileMatrixSet> All { get; } = [WebMercatorQuad, WorldCrs84Quad, Cgcs2000Quad];

    public string Id { get; }

    public string Title { get; }

    /// <summary>Of the register; null when it has none.</summary>
    public string? Uri { get; }

    public bool IsMercator { get; }

    public long Columns(int z) => IsMercator ? 1L << z : 2L << z;

    public long Rows(int z) => IsMercator ? Columns(z) : Columns(z) / 2;

    public bool Has(int z, int x, int y) => z is >= 0 and <= TileMatrix.MaxZoom && x >= 0 && y >= 0 && x < Columns(z) && y < Rows(z);

    /// <summary>The zoom of WebMercatorQuad whose tiles are as wide.</summary>
    public int Detail(int z) => IsMercator ? z : z + 1;

    /// <summary>The zoom whose tiles are as wide as those of WebMercatorQuad's; not below 0.</summary>
    public int ZoomOf(int detail) => IsMercator ? detail : Math.Max(0, detail - 1);

    /// <summary>The column and row of the tile that holds a place (degrees); places beyond the edge go to the tiles there.</summary>
    public (long Column, long Row) TileAt(int z, double lon, double lat)
    {
        var down = IsMercator ? TileMatrix.Mercator(lat) : (90 - lat) / 180;
        return (Math.Clamp((long)Math.Floor((lon + 180) / 360 * Columns(z)), 0, Columns(z) - 1), Math.Clamp((long)Math.Floor(down * Rows(z)), 0, Rows(z) - 1));
    }

    /// <summary>Whether the tile is among those from the one that holds the north-western corner to the one that holds the south-eastern.</summary>
    /// <param name="box">West, south, east, north.</param>
    /// <param name="z">The tile's zoom.</param>
    /// <param name="x">Column.</param>
    /// <param name="y">Row.</param>
    public bool Reaches(double[] box, int z, int x, int y)
    {
        var ((left, top), (right, bottom)) = (TileAt(z, box[0], box[3]), TileAt(z, box[2], box[1]));
        return x >= left && x <= right && y >= top && y <= bottom;
    }

    public override string ToString() => Id;
}
