using System.Text;

namespace GridMap.Geo.Tests.Tiles;

/// <summary>A feature read back from a tile: rings, lines or points in tile units.</summary>
public sealed record ReadFeature(long Id, int Type, List<List<(int X, int Y)>> Parts, Dictionary<string, object> Properties);

/// <summary>Reads a Mapbox Vector Tile by the specification alone (2.1, §4), independently of the writer; throws on anything it does not allow.</summary>
public static class TileReader
{
    public static (string Name, int Extent, List<ReadFeature> Features) Read(byte[] tile)
    {
        var (name, extent, version, keys, values, features) = ("", 4096, 0, new List<string>(), new List<object>(), new List<byte[]>());
        foreach (var (field, bytes, _) in Fields(tile))
        {
            if (field != 3) throw new FormatException($"field {field} in a tile");
            foreach (var (inner, content, number) in Fields(bytes))
            {
                switch (inner)
                {
                    case 15: version = (int)number; break;
                    case 1: name = Encoding.UTF8.GetString(content); break;
                    case 2: features.Add(content); break;
                    case 3: keys.Add(Encoding.UTF8.GetString(content)); break;
                    case 4: values.Add(Value(content)); break;
                    case 5: extent = (int)number; break;
                    default: throw new FormatException($"field {inner} in a layer");
                }
            }
        }
        if (version != 2 || keys.Distinct().Count() != keys.Count) throw new FormatException("a layer of another version, or with repeated keys");
        return (name, extent, features.ConvertAll(feature => Feature(feature, keys, values)));
    }

    private static ReadFeature Feature(byte[] bytes, List<string> keys, List<object> values)
    {
        var (id, type, tags, commands) = (0L, 0, new List<uint>(), new List<uint>());
        foreach (var (field, content, number) in Fields(bytes))
        {
            if (field == 1) id = (long)number;
            else if (field == 2) tags = Numbers(content);
            else if (field == 3) type = (int)number;
            else if (field == 4) commands = Numbers(content);
            else throw new FormatException($"field {field} in a feature");
        }
        var properties = new Dictionary<string, object>();
        for (var i = 0; i < tags.Count; i += 2) properties.Add(keys[(int)tags[i]], values[(int)tags[i + 1]]);
        return new ReadFeature(id, type, Parts(commands, type), properties);
    }

    private static List<List<(int X, int Y)>> Parts(List<uint> commands, int type)
    {
        var parts = new List<List<(int, int)>>();
        int x = 0, y = 0;
        for (var i = 0; i < commands.Count;)
        {
            var (command, count) = (commands[i] & 7, commands[i++] >> 3);
            if (command == 7)
            {
                if (type != 3 || count != 1 || parts[^1].Count < 3) throw new FormatException("a ring closed wrongly");
                continue;
            }
            if (command == 1 && (type != 1 && count != 1 || count == 0)) throw new FormatException("a wrong MoveTo");
            if (command == 1) parts.Add([]);
            for (; count > 0; count--)
            {
                var (dx, dy) = (commands[i++], commands[i++]);
                x += (int)(dx >> 1) ^ -(int)(dx & 1);
                y += (int)(dy >> 1) ^ -(int)(dy & 1);
                if (command == 2 && parts[^1][^1] == (x, y)) throw new FormatException("a line to where it is");
                parts[^1].Add((x, y));
            }
        }
        return parts;
    }

    private static object Value(byte[] bytes)
    {
        var (field, content, number) = Fields(bytes).Single();
        return field switch
        {
            1 => Encoding.UTF8.GetString(content),
            3 => BitConverter.UInt64BitsToDouble(number),
            4 or 5 => (long)number,
            6 => (long)(number >> 1) ^ -(long)(number & 1),
            7 => number != 0,
            _ => throw new FormatException($"field {field} in a value"),
        };
    }

    private static List<uint> Numbers(byte[] bytes)
    {
        var numbers = new List<uint>();
        for (var at = 0; at < bytes.Length;) numbers.Add((uint)Number(bytes, ref at));
        return numbers;
    }

    private static List<(int Field, byte[] Bytes, ulong Number)> Fields(byte[] bytes)
    {
        var fields = new List<(int, byte[], ulong)>();
        for (var at = 0; at < bytes.Length;)
        {
            var tag = Number(bytes, ref at);
            switch (tag & 7)
            {
                case 0:
                    fields.Add(((int)(tag >> 3), [], Number(bytes, ref at)));
                    break;
                case 1:
                    fields.Add(((int)(tag >> 3), [], BitConverter.ToUInt64(bytes, at)));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Number(bytes, ref at);
                    fields.Add(((int)(tag >> 3), bytes[at..(at + length)], 0));
                    at += length;
                    break;
                default: throw new FormatException($"wire type {tag & 7}");
            }
        }
        return fields;
    }

    private static ulong Number(byte[] bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }
}
