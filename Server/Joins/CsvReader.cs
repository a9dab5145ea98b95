using System.Text;

namespace GridMap.Server.Joins;

/// <summary>Reads records of RFC 4180: fields in quotes may hold separators, line ends and doubled quotes; lines end in CR LF, LF or CR; empty lines are passed over.</summary>
public sealed class CsvReader(TextReader text, char separator, int mostCharacters)
{
    private readonly char[] _buffer = new char[1 << 16];
    private readonly StringBuilder _field = new();
    private int _at, _length;

    /// <summary>The separator that stands most often in a header: comma, semicolon or tab.</summary>
    public static char SeparatorOf(string header)
    {
        var separators = new[] { ',', ';', '\t' };
        return separators.MaxBy(separator => header.Count(letter => letter == separator));
    }

    /// <summary>The separator that a first line says in Excel's way (<c>sep=;</c>); null for any other line.</summary>
    public static char? SaidSeparator(string line)
    {
        var said = line.Trim('"');
        return said.Length == 5 && said.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && said[4] is not ('"' or '=') && !char.IsLetterOrDigit(said[4]) ? said[4] : null;
    }

    /// <returns>The fields; null at the end.</returns>
    /// <exception cref="InvalidDataException">A record is longer than the bound, or a quote is never closed.</exception>
    public async ValueTask<string[]?> Read()
    {
        var fields = new List<string>();
        var (characters, inQuotes, wasQuoted) = (0, false, false);
        _field.Clear();
        while (true)
        {
            if (_at == _length && !await Fill())
            {
                if (inQuotes) throw new InvalidDataException("a quote that is never closed");
                if (fields.Count == 0 && _field.Length == 0 && !wasQuoted) return null;
                fields.Add(_field.ToString());
                return [.. fields];
            }
            var letter = _buffer[_at++];
            if (++characters > mostCharacters) throw new InvalidDataException($"a record of more than {mostCharacters} characters");
            if (inQuotes)
            {
                if (letter != '"') _field.Append(letter);
                else if ((_at < _length || await Fill()) && _buffer[_at] == '"') _field.Append(_buffer[_at++]);
                else inQuotes = false;
            }
            else if (letter == '"' && _field.Length == 0 && !wasQuoted)
            {
                (inQuotes, wasQuoted) = (true, true);
            }
            else if (letter == separator)
            {
                fields.Add(_field.ToString());
                _field.Clear();
                wasQuoted = false;
            }
            else if (letter is '\n' or '\r')
            {
                if (fields.Count == 0 && _field.Length == 0 && !wasQuoted) continue; // an empty line, or the second half of CR LF
                fields.Add(_field.ToString());
                return [.. fields];
            }
            else
            {
                _field.Append(letter);
            }
        }
    }

    private async ValueTask<bool> Fill()
    {
        (_at, _length) = (0, await text.ReadAsync(_buffer));
        return _length > 0;
    }
}
