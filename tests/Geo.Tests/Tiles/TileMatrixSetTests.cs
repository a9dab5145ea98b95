using GridMap.Geo.Tiles;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Tiles;

public class TileMatrixSetTests
{
    // By hand: at zoom 4 a tile of the latitude–longitude quad is 11.25° wide and high; of the Mercator quad 22.5° wide.
    [Theory]
    [InlineData("WorldCRS84Quad", 4, 119.95, 31.78, 26, 5)]
    [InlineData("CGCS2000Quad", 4, 119.95, 31.78, 26, 5)]
    [InlineData("CGCS2000Quad", 0, 119.95, 31.78, 1, 0)]
    [InlineData("CGCS2000Quad", 3, 180, -90, 15, 7)]
    [InlineData("WebMercatorQuad", 4, 119.95, 31.78, 13, 6)]
    [InlineData("WebMercatorQuad", 3, 180, -90, 7, 7)]
    public void A_place_lies_in_its_tile(string id, int z, double lon, double lat, long column, long row)
    {
        var set = TileMatrixSet.All.Single(set => set.Id == id);
        set.TileAt(z, lon, lat).ShouldBe((column, row));
        set.Has(z, (int)column, (int)row).ShouldBeTrue();
        set.Has(z, (int)set.Columns(z), 0).ShouldBeFalse();
        set.Has(z, 0, (int)set.Rows(z)).ShouldBeFalse();
    }

    [Fact]
    public void Units_of_the_quad_of_degrees_are_degrees()
    {
        var tile = new TileMatrix(TileMatrixSet.Cgcs2000Quad, 12, 6826, 1324);
        var side = 180.0 / 4096;
        var (west, north) = (-180 + (6826 * side), 90 - (1324 * side));
        foreach (var share in new[] { 0, 0.25, 0.5, 1, 1.5 })
        {
            // To a step of 1e-7°, which is 1/107 of a unit here.
            tile.UnitsX((int)Math.Round((west + (share * side)) * 1e7)).ShouldBe(share * TileMatrix.Extent, 0.006);
            tile.UnitsY((int)Math.Round((north - (share * side)) * 1e7)).ShouldBe(share * TileMatrix.Extent, 0.006);
        }
        tile.UnitsX(tile.Reach.MinX).ShouldBe(-TileMatrix.Buffer, 0.01);
        tile.UnitsY(tile.Reach.MaxY).ShouldBe(-TileMatrix.Buffer, 0.01);
        tile.UnitsY(tile.Reach.MinY).ShouldBe(TileMatrix.Extent + TileMatrix.Buffer, 0.01);
    }

    [Fact]
    public void A_zoom_of_degrees_is_as_fine_as_the_next_of_Mercator()
    {
        foreach (var set in TileMatrixSet.All)
        {
            for (var z = 0; z < 20; z++)
            {
                set.Columns(z).ShouldBe(TileMatrixSet.WebMercatorQuad.Columns(set.Detail(z)));
                set.ZoomOf(set.Detail(z)).ShouldBe(z);
            }
        }
    }
}
