using GridMap.Geo.Tiles;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Tiles;

/// <summary>Rings that touch, parted: by hand, and beside what NetTopologySuite makes of the same.</summary>
public sealed class TouchingRingsTests
{
    private static readonly GeometryFactory Factory = new();

    [Theory]
    // Two squares that meet in a corner, walked as one ring; the same with a corridor between them that has no width.
    [InlineData("0 0, 2 0, 2 2, 4 2, 4 4, 2 4, 2 2, 0 2", "MULTIPOLYGON (((0 0, 2 0, 2 2, 0 2, 0 0)), ((2 2, 4 2, 4 4, 2 4, 2 2)))")]
    [InlineData("0 0, 2 0, 2 1, 5 1, 5 0, 7 0, 7 2, 5 2, 5 1, 2 1, 2 2, 0 2", "MULTIPOLYGON (((0 0, 2 0, 2 1, 2 2, 0 2, 0 0)), ((5 0, 7 0, 7 2, 5 2, 5 1, 5 0)))")]
    // A bay whose mouth has closed is a hole that touches the border.
    [InlineData("0 0, 6 0, 6 6, 3 6, 5 4, 3 2, 1 4, 3 6, 0 6", "POLYGON ((0 0, 6 0, 6 6, 3 6, 0 6, 0 0), (3 6, 5 4, 3 2, 1 4, 3 6))")]
    // A corner that lies on the edge across: two pieces.
    [InlineData("0 0, 6 0, 6 4, 3 0, 0 4", "MULTIPOLYGON (((0 0, 3 0, 0 4, 0 0)), ((3 0, 6 0, 6 4, 3 0)))")]
    // A hole along the border is a bay, one in a corner of the shell divides nothing, one from side to side divides it.
    [InlineData("0 0, 6 0, 6 6, 0 6; 0 2, 0 4, 2 4, 2 2", "POLYGON ((0 0, 6 0, 6 6, 0 6, 0 4, 2 4, 2 2, 0 2, 0 0))")]
    [InlineData("0 0, 6 0, 6 6, 0 6; 0 3, 3 4, 3 2", "POLYGON ((0 0, 6 0, 6 6, 0 6, 0 3, 0 0), (0 3, 3 4, 3 2, 0 3))")]
    [InlineData("0 0, 6 0, 6 6, 0 6; 0 3, 3 4, 6 3, 3 2", "MULTIPOLYGON (((0 0, 6 0, 6 3, 3 2, 0 3, 0 0)), ((0 3, 3 4, 6 3, 6 6, 0 6, 0 3)))")]
    // Two holes that touch, and one that stands alone.
    [InlineData("0 0, 9 0, 9 9, 0 9; 1 1, 1 3, 3 3, 3 1; 3 3, 3 5, 5 5, 5 3; 7 7, 7 8, 8 8", "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 1 3, 3 3, 3 1, 1 1), (3 3, 3 5, 5 5, 5 3, 3 3), (7 7, 7 8, 8 8, 7 7))")]
    // A hole as large as its shell.
    [InlineData("0 0, 2 0, 2 2, 0 2; 0 0, 0 2, 2 2, 2 0", "")]
    // They cross, or go around twice.
    [InlineData("0 0, 4 0, 0 4, 4 4", null)]
    [InlineData("0 0, 4 0, 4 4, 0 4; 1 1, 3 1, 3 3, 1 3", null)]
    public void They_are_parted_where_they_touch(string rings, string? expected)
    {
        var parted = TouchingRings.Part([.. rings.Split(';').Select(Positions)], Factory);
        if (expected is null)
        {
            parted.ShouldBeNull();
            return;
        }

        var area = Factory.CreateMultiPolygon([.. parted!]);
        area.IsValid.ShouldBeTrue(area.ToText());
        if (expected.Length == 0) area.IsEmpty.ShouldBeTrue();
        else area.EqualsTopologically(new NetTopologySuite.IO.WKTReader().Read(expected)).ShouldBeTrue(area.ToText());
    }

    [Fact]
    public void What_is_parted_is_valid_and_the_area_that_is_gone_around()
    {
        int parted = 0, several = 0, withHoles = 0;
        for (var seed = 0; seed < 30_000; seed++)
        {
            // Stars on a lattice so coarse that most of them touch themselves.
            var random = new Random(seed);
            var (corners, size) = (random.Next(4, 30), random.Next(4, 14));
            var star = Enumerable.Range(0, corners).Select(i =>
            {
                var (angle, far) = (2 * Math.PI * i / corners, size * (0.2 + random.NextDouble()));
                return ((int)Math.Round(far * Math.Cos(angle)), (int)Math.Round(far * Math.Sin(angle)));
            }).ToArray();
            var hole = Enumerable.Range(0, 6).Select(i => ((int)Math.Round(size * 0.3 * Math.Cos(-i)), (int)Math.Round(size * 0.3 * Math.Sin(-i)))).ToArray();
            (int X, int Y)[][] rings = seed % 3 == 0 ? [star, hole] : [star];
            rings = [.. rings.Select(ring => ring.Where((at, i) => at != ring[i == 0 ? ^1 : i - 1]).ToArray())];
            if (rings.Any(ring => ring.Length < 3) || TouchingRings.Part(rings, Factory) is not { } polygons) continue;
            var area = Factory.CreateMultiPolygon([.. polygons]);
            area.IsValid.ShouldBeTrue($"seed {seed}: {area.ToText()}");
            var whole = GeometryFixer.Fix(Factory.CreatePolygon(Ring(rings[0]), [.. rings.Skip(1).Select(Ring)]));
            // What snapping has turned inside out counts for nothing here, and for something there: only the others are compared.
            if (rings.Length == 1 && Math.Abs(Signed(rings[0]) - area.Area) > 1e-9) continue;
            if (rings.Length == 1) area.EqualsTopologically(whole).ShouldBeTrue($"seed {seed}: {area.ToText()} beside {whole.ToText()}");
            parted++;
            if (polygons.Count > 1) several++;
            if (polygons.Exists(polygon => polygon.NumInteriorRings > 0)) withHoles++;
        }

        parted.ShouldBeGreaterThan(5_000);
        several.ShouldBeGreaterThan(300);
        withHoles.ShouldBeGreaterThan(300);
    }

    private static (int X, int Y)[] Positions(string ring) => [.. ring.Split(',').Select(at => at.Trim().Split(' ')).Select(at => (int.Parse(at[0]), int.Parse(at[1])))];

    private static LinearRing Ring((int X, int Y)[] ring) => Factory.CreateLinearRing([.. ring.Append(ring[0]).Select(at => new Coordinate(at.X, at.Y))]);

    private static double Signed((int X, int Y)[] ring) => ring.Select((at, i) => (ring[i == 0 ? ^1 : i - 1], at)).Sum(edge => ((double)edge.Item1.X * edge.at.Y) - ((double)edge.at.X * edge.Item1.Y)) / 2;
}
