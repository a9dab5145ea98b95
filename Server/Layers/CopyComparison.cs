using System.Buffers;
using GridMap.Geo.Packed;

namespace GridMap.Server.Layers;

/// <summary>Compares two copies of one moment row by row.</summary>
public static class CopyComparison
{
    /// <summary>Rows that are in one only, or not the same in both.</summary>
    public static long Differences(LayerCopy a, LayerCopy b)
    {
        var (differences, found) = (0L, 0L);
        var (left, right) = (new ArrayBufferWriter<byte>(1024), new ArrayBufferWriter<byte>(1024));
        foreach (var part in a.Parts)
        {
            for (var row = 0; row < part.Segment.Count; row++)
            {
                if (!part.IsLive(row)) continue;
                var (other, at) = Find(b, part.Segment.Ids[row]);
                if (other is null)
                {
                    differences++;
                    continue;
                }
                found++;
                if (!Same(part.Segment, row, other, at, left, right)) differences++;
            }
        }
        return differences + (b.Count - found);
    }

    private static (Segment? Segment, int Row) Find(LayerCopy copy, long id)
    {
        foreach (var part in copy.Parts)
        {
            if (part.Segment.Find(id) is var row and >= 0 && part.IsLive(row)) return (part.Segment, row);
        }
        return (null, 0);
    }

    private static bool Same(Segment a, int row, Segment b, int at, ArrayBufferWriter<byte> left, ArrayBufferWriter<byte> right)
    {
        Write(a, row, left);
        Write(b, at, right);
        return left.WrittenSpan.SequenceEqual(right.WrittenSpan);
    }

    private static void Write(Segment segment, int row, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        var output = new Utf8Output(buffer);
        PackedGeoJson.Write(ref output, segment.Geometries.Read(row));
        foreach (var column in segment.Columns) column.WriteJson(ref output, row);
        output.Flush();
    }
}
