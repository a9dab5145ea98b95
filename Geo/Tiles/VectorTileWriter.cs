using System.Buffers.Binary;

namespace GridMap.Geo.Tiles;

/// <summary>
/// Writes one layer of a Mapbox Vector Tile 2.1 as protocol buffer bytes: features one after the other, then keys and values, each value once.
/// </summary>
/// <remarks>Not thread-safe; reuse it. A tile without features has no bytes.</remarks>
public sealed class VectorTileWriter
{
    // What a remembered value is; a text's kind goes on with its key.
    private const int WholeKind = 0, DoubleKind = 1, FlagKind = 2, TextKind = 3;

    private byte[] _features = new byte[64 << 10];
    private byte[] _values = new byte[4096];
    private byte[] _tags = new byte[256];
    private Slot[] _slots = new Slot[1024];
    private int[] _few = [];
    private byte[][] _keys = [];
    private string _name = "";
    private int _used, _valuesUsed, _valueCount, _tagsUsed, _slotsUsed;

    // Values below it have a place of their own for each kind; the others are looked for in slots.
    private const int Few = 1024;

    // A value that was said, and its number plus one: all zero where there is none.
    private record struct Slot(long Key, int Kind, int Number);

    public int Features { get; private set; }

    /// <summary>Begins a layer.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="keys">The names of properties, UTF-8; a property goes by its place in here.</param>
    public void Begin(string name, byte[][] keys)
    {
        (_name, _keys, _used, _valuesUsed, _valueCount, _tagsUsed, _slotsUsed, Features) = (name, keys, 0, 0, 0, 0, 0, 0);
        Array.Clear(_slots);
        if (_few.Length < (TextKind + keys.Length) * Few) _few = new int[(TextKind + keys.Length) * Few];
        else Array.Clear(_few);
    }

    /// <summary>A text of the next feature that may have been said before; false when it has not, and must be said with <see cref="Text"/>.</summary>
    /// <param name="key">The property.</param>
    /// <param name="identity">What the text goes by, from 0: texts of one key with the same are equal.</param>
    public bool Repeat(int key, long identity)
    {
        if (!Known(TextKind + key, identity, out var value)) return false;
        Tag(key, value);
        return true;
    }

    /// <summary>The text of which <see cref="Repeat"/> has just said that it is new.</summary>
    public void Text(int key, ReadOnlySpan<byte> utf8)
    {
        Value(1 + SizeOf((uint)utf8.Length) + utf8.Length);
        _values[_valuesUsed++] = 0x0A;
        Number(_values, ref _valuesUsed, (uint)utf8.Length);
        utf8.CopyTo(_values.AsSpan(_valuesUsed));
        _valuesUsed += utf8.Length;
        Tag(key, _valueCount - 1);
    }

    /// <summary>A whole number of the next feature.</summary>
    public void Whole(int key, long number)
    {
        if (!Known(WholeKind, number, out var value))
        {
            // Zero and above as uint, below as sint: the shortest that every reader knows.
            var bits = number >= 0 ? (ulong)number : ((ulong)number << 1) ^ ulong.MaxValue;
            Value(1 + SizeOf(bits));
            _values[_valuesUsed++] = number >= 0 ? (byte)0x28 : (byte)0x30;
            Number(_values, ref _valuesUsed, bits);
        }
        Tag(key, value);
    }

    /// <summary>A number with a fraction of the next feature.</summary>
    public void Double(int key, double number)
    {
        if (!Known(DoubleKind, BitConverter.DoubleToInt64Bits(number), out var value))
        {
            Value(9);
            _values[_valuesUsed++] = 0x19;
            BinaryPrimitives.WriteDoubleLittleEndian(_values.AsSpan(_valuesUsed), number);
            _valuesUsed += 8;
        }
        Tag(key, value);
    }

    /// <summary>True or false of the next feature.</summary>
    public void Flag(int key, bool flag)
    {
        if (!Known(FlagKind, flag ? 1 : 0, out var value))
        {
            Value(2);
            _values[_valuesUsed++] = 0x38;
            _values[_valuesUsed++] = flag ? (byte)1 : (byte)0;
        }
        Tag(key, value);
    }

    /// <summary>Ends the next feature: its id, the type of its geometry, and its commands. The properties said since the one before are its own.</summary>
    public void Feature(long id, int type, ReadOnlySpan<byte> commands)
    {
        var tags = _tagsUsed;
        var length = 1 + SizeOf((ulong)id) + (tags == 0 ? 0 : 1 + SizeOf((uint)tags) + tags) + 2 + 1 + SizeOf((uint)commands.Length) + commands.Length;
        Room(ref _features, _used, length + 12);
        _features[_used++] = 0x12;
        Number(_features, ref _used, (uint)length);
        _features[_used++] = 0x08;
        Number(_features, ref _used, (ulong)id);
        if (tags > 0)
        {
            _features[_used++] = 0x12;
            Bytes(_features, ref _used, _tags.AsSpan(0, tags));
        }
        _features[_used++] = 0x18;
        _features[_used++] = (byte)type;
        _features[_used++] = 0x22;
        Bytes(_features, ref _used, commands);
        _tagsUsed = 0;
        Features++;
    }

    /// <summary>Forgets the properties said since the last feature.</summary>
    public void Skip() => _tagsUsed = 0;

    /// <summary>The tile.</summary>
    public byte[] End()
    {
        if (Features == 0) return [];
        var name = System.Text.Encoding.UTF8.GetBytes(_name);
        var keys = _keys.Sum(key => 1 + SizeOf((uint)key.Length) + key.Length);
        var length = 2 + 1 + SizeOf((uint)name.Length) + name.Length + _used + keys + _valuesUsed + 1 + SizeOf(TileMatrix.Extent);
        var tile = new byte[1 + SizeOf((uint)length) + length];
        var at = 0;
        tile[at++] = 0x1A;
        Number(tile, ref at, (uint)length);
        tile[at++] = 0x78; // version
        tile[at++] = 2;
        tile[at++] = 0x0A;
        Bytes(tile, ref at, name);
        _features.AsSpan(0, _used).CopyTo(tile.AsSpan(at));
        at += _used;
        foreach (var key in _keys)
        {
            tile[at++] = 0x1A;
            Bytes(tile, ref at, key);
        }
        _values.AsSpan(0, _valuesUsed).CopyTo(tile.AsSpan(at));
        at += _valuesUsed;
        tile[at++] = 0x28;
        Number(tile, ref at, TileMatrix.Extent);
        return tile;
    }

    private void Tag(int key, int value)
    {
        Room(ref _tags, _tagsUsed, 10);
        Number(_tags, ref _tagsUsed, (uint)key);
        Number(_tags, ref _tagsUsed, (uint)value);
    }

    private void Value(int length)
    {
        Room(ref _values, _valuesUsed, length + 12);
        _values[_valuesUsed++] = 0x22;
        Number(_values, ref _valuesUsed, (uint)length);
    }

    // The value's number; it is new, and must be written, when false.
    private bool Known(int kind, long key, out int value)
    {
        if ((ulong)key < Few)
        {
            ref var place = ref _few[(kind * Few) + (int)key];
            if (place > 0)
            {
                value = place - 1;
                return true;
            }
            value = _valueCount++;
            place = _valueCount;
            return false;
        }
        if (_slotsUsed * 2 >= _slots.Length) Grow();
        var (slots, mask) = (_slots, _slots.Length - 1);
        for (var at = Place(kind, key) & mask; ; at = (at + 1) & mask)
        {
            ref var slot = ref slots[at];
            if (slot.Number == 0)
            {
                value = _valueCount++;
                slot = new Slot(key, kind, _valueCount);
                _slotsUsed++;
                return false;
            }
            if (slot.Key != key || slot.Kind != kind) continue;
            value = slot.Number - 1;
            return true;
        }
    }

    private void Grow()
    {
        var before = _slots;
        _slots = new Slot[before.Length * 2];
        var mask = _slots.Length - 1;
        foreach (var slot in before)
        {
            if (slot.Number == 0) continue;
            var at = Place(slot.Kind, slot.Key) & mask;
            while (_slots[at].Number != 0) at = (at + 1) & mask;
            _slots[at] = slot;
        }
    }

    private static int Place(int kind, long key) => (int)((((ulong)key + ((ulong)kind << 40)) * 0x9E3779B97F4A7C15UL) >> 33);

    private static void Bytes(byte[] target, ref int at, ReadOnlySpan<byte> bytes)
    {
        Number(target, ref at, (uint)bytes.Length);
        bytes.CopyTo(target.AsSpan(at));
        at += bytes.Length;
    }

    private static int SizeOf(ulong number) => (System.Numerics.BitOperations.Log2(number | 1) / 7) + 1;

    private static void Number(byte[] target, ref int at, ulong number)
    {
        while (number >= 0x80)
        {
            target[at++] = (byte)(number | 0x80);
            number >>= 7;
        }
        target[at++] = (byte)number;
    }

    private static void Room(ref byte[] bytes, int used, int more)
    {
        if (used + more > bytes.Length) Array.Resize(ref bytes, Math.Max(used + more, bytes.Length * 2));
    }
}
