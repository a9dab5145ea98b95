using System.Buffers.Binary;
using System.IO.Compression;

namespace GridMap.Geo.Hotspots;

/// <summary>A colour with opacity, each 0–255, not premultiplied.</summary>
public readonly record struct Rgba(byte Red, byte Green, byte Blue, byte Alpha = 255);

/// <summary>A surface as a PNG picture, one pixel per cell, north up.</summary>
/// <remarks>
/// 8-bit palette with transparency (PNG 1.2, ISO/IEC 15948): a cell below the first level, or not a number, is fully
/// transparent; a cell from level i up to the next has colour i. The picture is square to the metric plane: place it by its four projected
/// corners, not by a lon, lat box.
/// </remarks>
public static class SurfacePng
{
    private static readonly uint[] CrcTable = MakeCrcTable();

    /// <summary>The bytes of the file.</summary>
    /// <param name="surface">The values.</param>
    /// <param name="levels">1–255 levels, finite and rising.</param>
    /// <param name="colours">As many colours as levels.</param>
    /// <exception cref="ArgumentException">Levels or colours do not fit.</exception>
    public static byte[] Encode(Surface surface, ReadOnlySpan<double> levels, ReadOnlySpan<Rgba> colours)
    {
        if (levels.Length is < 1 or > 255) throw new ArgumentException($"{levels.Length} levels; 1 to 255 expected", nameof(levels));
        if (colours.Length != levels.Length) throw new ArgumentException($"{colours.Length} colours for {levels.Length} levels", nameof(colours));
        for (var i = 0; i < levels.Length; i++)
        {
            if (!double.IsFinite(levels[i]) || (i > 0 && levels[i] <= levels[i - 1]))
                throw new ArgumentException($"level {i} is {levels[i]}; levels must be finite and rise", nameof(levels));
        }

        int columns = surface.Lattice.Columns, rows = surface.Lattice.Rows;
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, columns);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], rows);
        header[8] = 8; // bits per sample
        header[9] = 3; // palette
        WriteChunk(file, "IHDR"u8, header);

        var palette = new byte[3 * (levels.Length + 1)];
        var opacity = new byte[levels.Length + 1];
        for (var i = 0; i < colours.Length; i++)
        {
            palette[3 * i + 3] = colours[i].Red;
            palette[3 * i + 4] = colours[i].Green;
            palette[3 * i + 5] = colours[i].Blue;
            opacity[i + 1] = colours[i].Alpha;
        }

        WriteChunk(file, "PLTE"u8, palette);
        WriteChunk(file, "tRNS"u8, opacity);
        WriteChunk(file, "IDAT"u8, Pixels(surface, levels));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    /// <summary>The CRC-32 of PNG and zip (ISO 3309, polynomial 0xEDB88320).</summary>
    internal static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        foreach (var b in bytes) crc = CrcTable[(byte)(crc ^ b)] ^ (crc >> 8);
        return ~crc;
    }

    private static byte[] Pixels(Surface surface, ReadOnlySpan<double> levels)
    {
        int columns = surface.Lattice.Columns, rows = surface.Lattice.Rows;
        var line = new byte[columns + 1]; // its first byte is the filter: none, which palettes compress best with
        using var packed = new MemoryStream();
        using (var deflate = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var row = rows - 1; row >= 0; row--)
            {
                var values = surface.Values.Slice(row * columns, columns);
                for (var column = 0; column < columns; column++) line[column + 1] = Class(levels, values[column]);
                deflate.Write(line);
            }
        }

        return packed.ToArray();
    }

    private static byte Class(ReadOnlySpan<double> levels, double value)
    {
        // NaN compares false and lands below the first level.
        int low = 0, high = levels.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (value >= levels[middle]) low = middle + 1;
            else high = middle;
        }

        return (byte)low;
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(type);
        file.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(Crc(0, type), data));
        file.Write(number);
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (uint n = 0; n < 256; n++)
        {
            var c = n;
            for (var k = 0; k < 8; k++) c = (c & 1) != 0 ? 0xEDB88320 ^ (c >> 1) : c >> 1;
            table[n] = c;
        }

        return table;
    }
}
