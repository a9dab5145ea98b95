using FsCheck;
using FsCheck.Fluent;
using GridMap.Geo.Hotspots;
using NetTopologySuite.Algorithm;
using NetTopologySuite.Geometries;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Hotspots;

public class ContoursTests
{
    [Fact]
    public void A_constant_surface_is_one_rectangle()
    {
        var lattice = new Lattice(100, 200, 10, 4, 3);
        var surface = new Surface(lattice, [.. Enumerable.Repeat(5.0, 12)]);
        var bands = Contours.Bands(surface, [1, 5, 6]);
        bands.Select(b => (b.Low, b.High)).ShouldBe([(1, 5), (5, 6), (6, double.PositiveInfinity)]);
        bands[0].Area.IsEmpty.ShouldBeTrue();
        bands[2].Area.IsEmpty.ShouldBeTrue();
        // A value on the level belongs to the band above it.
        bands[1].Area.EnvelopeInternal.ShouldBe(new Envelope(100, 140, 200, 230));
        bands[1].Area.Area.ShouldBe(1200, 1e-9);
    }

    [Fact]
    public void A_slope_is_cut_where_arithmetic_says()
    {
        // Value = x of the cell centre: 5, 15, …, 95; constant over the outer half cells.
        var surface = new Surface(new Lattice(0, 0, 10, 10, 10), [.. Enumerable.Range(0, 100).Select(i => 5.0 + i % 10 * 10)]);
        var bands = Contours.Bands(surface, [20, 50]);
        bands[0].Area.EnvelopeInternal.MinX.ShouldBe(20, 1e-4);
        bands[0].Area.EnvelopeInternal.MaxX.ShouldBe(50, 1e-4);
        bands[0].Area.Area.ShouldBe(3000, 1e-2);
        bands[1].Area.Area.ShouldBe(5000, 1e-2);
        Contours.Above(surface, 20).Area.ShouldBe(8000, 1e-2);
    }

    [Fact]
    public void A_cone_gives_rings_in_rings()
    {
        var lattice = new Lattice(0, 0, 1, 200, 200);
        var values = new double[40_000];
        for (var row = 0; row < 200; row++)
            for (var column = 0; column < 200; column++)
                values[row * 200 + column] = 90 - double.Hypot(column - 99.5, row - 99.5);
        var bands = Contours.Bands(new Surface(lattice, values), [10, 50, 80]);
        // Value v lies on a circle of radius 90 − v.
        double[] radii = [80, 40, 10, 0];
        for (var i = 0; i < 3; i++)
        {
            var area = (MultiPolygon)bands[i].Area;
            area.NumGeometries.ShouldBe(1);
            var polygon = (Polygon)area[0];
            polygon.NumInteriorRings.ShouldBe(i < 2 ? 1 : 0);
            polygon.Area.ShouldBe(Math.PI * (radii[i] * radii[i] - radii[i + 1] * radii[i + 1]), 3);
            Orientation.IsCCW(polygon.Shell.CoordinateSequence).ShouldBeTrue();
            if (i < 2) Orientation.IsCCW(polygon.Holes[0].CoordinateSequence).ShouldBeFalse();
        }
    }

    [Fact]
    public void Bands_of_random_surfaces_are_valid_and_tile_without_overlap()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var random = new Random(seed);
            int columns = random.Next(1, 14), rows = random.Next(1, 14);
            // Few distinct values: plateaus, saddles, values on the levels; some not finite.
            var values = Enumerable.Range(0, columns * rows)
                .Select(_ => random.Next(20) == 0 ? double.NaN : random.Next(3) == 0 ? random.NextDouble() * 4 : random.Next(5)).ToArray();
            var surface = new Surface(new Lattice(0, 0, 10, columns, rows), values);
            var bands = Contours.Bands(surface, [0.5, 1, 2, 2.000001, 3.5]);
            foreach (var band in bands)
            {
                band.Area.IsValid.ShouldBeTrue();
                var wrong = new List<(int Column, int Row, double Value, double Low)>();
                for (var column = 0; column < columns; column++)
                    for (var row = 0; row < rows; row++)
                    {
                        var value = surface[column, row];
                        // The contour passes a node at 1e-6 of a cell; on the level itself either side will do.
                        if (value == band.Low || value == band.High) continue;
                        var centre = new Coordinate(surface.Lattice.CentreX(column), surface.Lattice.CentreY(row));
                        var inside = NetTopologySuite.Algorithm.Locate.SimplePointInAreaLocator.Locate(centre, band.Area) == Location.Interior;
                        if (inside != (value > band.Low && value < band.High)) wrong.Add((column, row, value, band.Low));
                    }

                wrong.ShouldBeEmpty();
            }

            var whole = Contours.Above(surface, 0.5);
            whole.IsValid.ShouldBeTrue();
            bands.Sum(b => b.Area.Area).ShouldBe(whole.Area, 1e-6);
        }));
    }

    [Fact]
    public void Small_rings_can_be_left_out()
    {
        var values = new double[100];
        values[55] = 1;
        var surface = new Surface(new Lattice(0, 0, 10, 10, 10), values);
        Contours.Above(surface, 0.5).NumGeometries.ShouldBe(1);
        Contours.Above(surface, 0.5, minRingSquareMetres: 100).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Levels_by_steps_and_by_quantiles()
    {
        var surface = new Surface(new Lattice(0, 0, 1, 5, 2), [0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        Contours.EqualLevels(surface, 3).ShouldBe([2, 4, 6]);
        // R: quantile(1:8, c(.25, .5, .75))
        Contours.QuantileLevels(surface, 3).ShouldBe([2.75, 4.5, 6.25]);
        var flat = new Surface(new Lattice(0, 0, 1, 2, 2), [3, 3, 3, 3]);
        Contours.QuantileLevels(flat, 4).ShouldBe([3]);
        var empty = new Surface(new Lattice(0, 0, 1, 2, 2), new double[4]);
        Contours.EqualLevels(empty, 3).ShouldBeEmpty();
        Contours.QuantileLevels(empty, 3).ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => Contours.Bands(surface, []));
        Should.Throw<ArgumentException>(() => Contours.Bands(surface, [2, 2]));
        Should.Throw<ArgumentException>(() => Contours.Bands(surface, [double.NaN]));
    }
}
