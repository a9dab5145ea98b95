using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using GridMap.Geo.Hotspots;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Hotspots;

public class SurfacePngTests
{
    [Fact]
    public void Decodes_to_the_classes_of_the_surface_north_up()
    {
        double[] levels = [1, 2, 5];
        Rgba[] colours = [new(10, 20, 30, 40), new(50, 60, 70), new(80, 90, 100, 200)];
        var random = new Random(4);
        var lattice = new Lattice(0, 0, 10, 37, 23);
        var values = Enumerable.Range(0, lattice.CellCount).Select(i => i == 7 ? double.NaN : i == 8 ? 2 : random.NextDouble() * 7).ToArray();
        var surface = new Surface(lattice, values);
        var (columns, rows, pixels) = Decode(SurfacePng.Encode(surface, levels, colours));
        (columns, rows).ShouldBe((37, 23));
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
            {
                var value = surface[column, rows - 1 - row];
                var expected = value >= 5 ? colours[2] : value >= 2 ? colours[1] : value >= 1 ? colours[0] : new Rgba(0, 0, 0, 0);
                pixels[row * columns + column].ShouldBe(expected);
            }
    }

    [Fact]
    public void Crc_has_the_published_check_value()
        => SurfacePng.Crc(0, "123456789"u8).ShouldBe(0xCBF43926u);

    [Fact]
    public void Refuses_levels_and_colours_that_do_not_fit()
    {
        var surface = new Surface(new Lattice(0, 0, 1, 1, 1), [1]);
        Should.Throw<ArgumentException>(() => SurfacePng.Encode(surface, [], []));
        Should.Throw<ArgumentException>(() => SurfacePng.Encode(surface, [1, 2], [new(1, 2, 3)]));
        Should.Throw<ArgumentException>(() => SurfacePng.Encode(surface, [2, 1], [new(1, 2, 3), new(1, 2, 3)]));
        Should.Throw<ArgumentException>(() => SurfacePng.Encode(surface, new double[256], new Rgba[256]));
    }

    private static (int Columns, int Rows, Rgba[] Pixels) Decode(byte[] png)
    {
        png[..8].ShouldBe([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        int columns = 0, rows = 0;
        byte[] palette = [], opacity = [];
        using var packed = new MemoryStream();
        var names = new List<string>();
        for (var at = 8; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            var name = Encoding.ASCII.GetString(png, at + 4, 4);
            var data = png.AsSpan(at + 8, length).ToArray();
            BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)).ShouldBe(SurfacePng.Crc(0, png.AsSpan(at + 4, length + 4)));
            names.Add(name);
            if (name == "IHDR")
            {
                columns = BinaryPrimitives.ReadInt32BigEndian(data);
                rows = BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(4));
                data[8..].ShouldBe([8, 3, 0, 0, 0]);
            }
            else if (name == "PLTE") palette = data;
            else if (name == "tRNS") opacity = data;
            else if (name == "IDAT") packed.Write(data);
            at += 12 + length;
        }

        names.ShouldBe(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);
        packed.Position = 0;
        using var unpack = new ZLibStream(packed, CompressionMode.Decompress);
        using var raw = new MemoryStream();
        unpack.CopyTo(raw);
        var lines = raw.ToArray();
        lines.Length.ShouldBe((columns + 1) * rows);
        var pixels = new Rgba[columns * rows];
        for (var row = 0; row < rows; row++)
        {
            lines[row * (columns + 1)].ShouldBe((byte)0);
            for (var column = 0; column < columns; column++)
            {
                int index = lines[row * (columns + 1) + 1 + column];
                pixels[row * columns + column] = new(palette[3 * index], palette[3 * index + 1], palette[3 * index + 2], opacity[index]);
            }
        }

        return (columns, rows, pixels);
    }
}
