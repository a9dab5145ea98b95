using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace GridMap.Server.Gdal;

/// <summary>
/// What a SQLite file is made of, read without SQLite (its file format, §1.6, §2 and §2.6). Whoever opens a file lets its schema work: a view computes whatever its maker
/// wrote, a virtual table may read files of the server. So strangers' files are opened only when they hold tables and what belongs to tables.
/// </summary>
public static partial class SqliteSchema
{
    private const int MostEntries = 10_000, HeaderBytes = 100, SqlColumn = 4, MostMilliseconds = 1_000;

    /// <summary>Whether the file holds nothing but tables, indices, triggers and R-trees; false also for what is no SQLite file.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> file)
    {
        try
        {
            var statements = new List<string?>();
            var pages = new Pages(file);
            Walk(pages, 1, [], statements);
            return statements.TrueForAll(IsPlain);
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException or InvalidDataException or OverflowException or RegexMatchTimeoutException)
        {
            return false;
        }
    }

    // Indices that a table makes for itself have no statement.
    private static bool IsPlain(string? statement) => statement is null
        || (Table().IsMatch(statement) && !Computed().IsMatch(statement)) || Index().IsMatch(statement) || Trigger().IsMatch(statement) || RTree().IsMatch(statement);

    // The statement decides what SQLite makes of it, not the column that names its kind.
    [GeneratedRegex(@"\ACREATE TABLE\s", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, MostMilliseconds)]
    private static partial Regex Table();

    [GeneratedRegex(@"\bAS\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, MostMilliseconds)]
    private static partial Regex Computed();

    [GeneratedRegex(@"\ACREATE (UNIQUE )?INDEX\s", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, MostMilliseconds)]
    private static partial Regex Index();

    [GeneratedRegex(@"\ACREATE TRIGGER\s", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, MostMilliseconds)]
    private static partial Regex Trigger();

    [GeneratedRegex(@"\ACREATE VIRTUAL TABLE (""[^""]+""|\w+) USING rtree\s*\([\w\s,""]*\)\z", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, MostMilliseconds)]
    private static partial Regex RTree();

    private static void Walk(Pages pages, int number, HashSet<int> seen, List<string?> statements)
    {
        if (!seen.Add(number)) throw new InvalidDataException("a page twice");
        var page = pages[number];
        var head = number == 1 ? HeaderBytes : 0;
        var isLeaf = page[head] switch { 0x0d => true, 0x05 => false, _ => throw new InvalidDataException("no page of a table") };
        var cells = BinaryPrimitives.ReadUInt16BigEndian(page[(head + 3)..]);
        for (var i = 0; i < cells; i++)
        {
            var at = BinaryPrimitives.ReadUInt16BigEndian(page[(head + (isLeaf ? 8 : 12) + (2 * i))..]);
            if (isLeaf) statements.Add(Statement(pages.Payload(page, at), pages.Encoding));
            else Walk(pages, BinaryPrimitives.ReadInt32BigEndian(page[at..]), seen, statements);
            if (statements.Count > MostEntries) throw new InvalidDataException("too many entries");
        }
        if (!isLeaf) Walk(pages, BinaryPrimitives.ReadInt32BigEndian(page[(head + 8)..]), seen, statements);
    }

    // type, name, tbl_name, rootpage, sql
    private static string? Statement(ReadOnlySpan<byte> record, Encoding encoding)
    {
        var at = 0;
        var headerEnd = checked((int)Number(record, ref at));
        var from = headerEnd;
        for (var column = 0; at < headerEnd; column++)
        {
            var kind = Number(record, ref at);
            var length = kind switch { 5 => 6, 6 or 7 => 8, < 5 => (int)kind, < 12 => 0, _ => checked((int)((kind - 12) / 2)) };
            if (column == SqlColumn) return kind == 0 ? null : kind >= 13 && kind % 2 == 1 ? encoding.GetString(record.Slice(from, length)) : throw new InvalidDataException("a statement that is no text");
            from += length;
        }
        throw new InvalidDataException("an entry without a statement");
    }

    private static long Number(ReadOnlySpan<byte> bytes, ref int at)
    {
        long number = 0;
        for (var i = 0; i < 8; i++)
        {
            var part = bytes[at++];
            number = (number << 7) | (uint)(part & 0x7f);
            if (part < 0x80) return number;
        }
        return (number << 8) | bytes[at++];
    }

    private readonly ref struct Pages
    {
        private readonly ReadOnlySpan<byte> _file;
        private readonly int _size, _usable;

        public Pages(ReadOnlySpan<byte> file)
        {
            if (!file.StartsWith("SQLite format 3\0"u8)) throw new InvalidDataException("no SQLite file");
            _file = file;
            _size = BinaryPrimitives.ReadUInt16BigEndian(file[16..]) is var size && size == 1 ? 65536 : size;
            _usable = _size - file[20];
            if (_size < 512 || _usable < 480) throw new InvalidDataException("pages of no size");
            Encoding = BinaryPrimitives.ReadInt32BigEndian(file[56..]) switch
            {
                1 => Encoding.UTF8,
                2 => Encoding.Unicode,
                3 => Encoding.BigEndianUnicode,
                _ => throw new InvalidDataException("no encoding"),
            };
        }

        public Encoding Encoding { get; }

        public ReadOnlySpan<byte> this[int number] => _file.Slice(checked((number - 1) * _size), _size);

        /// <summary>A cell's record: what is on its page, and the pages behind it.</summary>
        public ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> page, int at)
        {
            var length = checked((int)Number(page, ref at));
            Number(page, ref at); // the row's id
            if (length > _file.Length) throw new InvalidDataException("longer than the file");
            if (length <= _usable - 35) return page.Slice(at, length);
            var least = ((_usable - 12) * 32 / 255) - 23;
            var here = least + ((length - least) % (_usable - 4));
            if (here > _usable - 35) here = least;
            var whole = new byte[length];
            page.Slice(at, here).CopyTo(whole);
            var next = BinaryPrimitives.ReadInt32BigEndian(page[(at + here)..]);
            for (var filled = here; filled < length;)
            {
                var more = this[next];
                var part = Math.Min(_usable - 4, length - filled);
                more.Slice(4, part).CopyTo(whole.AsSpan(filled));
                filled += part;
                next = BinaryPrimitives.ReadInt32BigEndian(more);
            }
            return whole;
        }
    }
}
