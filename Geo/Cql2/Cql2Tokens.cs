using System.Globalization;
using System.Text;

namespace GridMap.Geo.Cql2;

internal enum TokenKind
{
    Name,
    QuotedName,
    Text,
    Number,
    Symbol,
    End,
}

/// <summary>Cuts CQL2 text into tokens, one ahead.</summary>
internal sealed class Cql2Tokens
{
    private readonly string _source;
    private int _next;

    public Cql2Tokens(string source)
    {
        _source = source;
        Advance();
    }

    public TokenKind Kind { get; private set; }

    /// <summary>The name, the text without its quotes, or the symbol.</summary>
    public string Value { get; private set; } = "";

    public double Number { get; private set; }

    /// <summary>Where the token begins, counted from 1.</summary>
    public int Position { get; private set; }

    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && Value == symbol;

    public bool IsWord(string word) => Kind == TokenKind.Name && Value.Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool TakeSymbol(string symbol)
    {
        if (!IsSymbol(symbol)) return false;
        Advance();
        return true;
    }

    public bool TakeWord(string word)
    {
        if (!IsWord(word)) return false;
        Advance();
        return true;
    }

    public void Expect(string symbol)
    {
        if (!TakeSymbol(symbol)) throw Unexpected($"'{symbol}'");
    }

    public Cql2Refusal Unexpected(string expected) => new(Cql2Reasons.Unreadable,
        $"{expected} at position {Position} (found {(Kind == TokenKind.End ? "the end" : Kind == TokenKind.Number ? Number.ToString(CultureInfo.InvariantCulture) : $"'{Parts.Short(Value)}'")})");

    public void Advance()
    {
        while (_next < _source.Length && char.IsWhiteSpace(_source[_next])) _next++;
        Position = _next + 1;
        if (_next == _source.Length)
        {
            (Kind, Value) = (TokenKind.End, "");
            return;
        }
        var first = _source[_next];
        if (first == '\'') ReadText();
        else if (first == '"') ReadQuotedName();
        else if (char.IsAsciiDigit(first) || (first == '.' && _next + 1 < _source.Length && char.IsAsciiDigit(_source[_next + 1]))) ReadNumber();
        else if (IsNameStart(first)) ReadName();
        else ReadSymbol();
    }

    private void ReadText()
    {
        var text = new StringBuilder();
        for (var at = _next + 1; at < _source.Length; at++)
        {
            // A quote inside is written '' or \'.
            if (_source[at] == '\\' && at + 1 < _source.Length && _source[at + 1] == '\'') text.Append(_source[++at]);
            else if (_source[at] != '\'') text.Append(_source[at]);
            else if (at + 1 < _source.Length && _source[at + 1] == '\'') text.Append(_source[++at]);
            else
            {
                _next = at + 1;
                (Kind, Value) = (TokenKind.Text, Parts.Text(text.ToString()));
                return;
            }
        }
        throw new Cql2Refusal(Cql2Reasons.Unreadable, $"a text that begins at position {Position} to end with '");
    }

    private void ReadQuotedName()
    {
        var end = _source.IndexOf('"', _next + 1);
        if (end < 0) throw new Cql2Refusal(Cql2Reasons.Unreadable, $"a name that begins at position {Position} to end with \"");
        (Kind, Value) = (TokenKind.QuotedName, Parts.Text(_source[(_next + 1)..end]));
        _next = end + 1;
    }

    private void ReadNumber()
    {
        var end = _next;
        while (end < _source.Length && char.IsAsciiDigit(_source[end])) end++;
        if (end < _source.Length && _source[end] == '.') end++;
        while (end < _source.Length && char.IsAsciiDigit(_source[end])) end++;
        if (end < _source.Length && _source[end] is 'e' or 'E')
        {
            var digits = end + 1 < _source.Length && _source[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (digits < _source.Length && char.IsAsciiDigit(_source[digits]))
            {
                end = digits;
                while (end < _source.Length && char.IsAsciiDigit(_source[end])) end++;
            }
        }
        Number = Parts.Finite(double.Parse(_source.AsSpan(_next, end - _next), NumberStyles.Float, CultureInfo.InvariantCulture));
        (Kind, _next) = (TokenKind.Number, end);
    }

    private void ReadName()
    {
        var end = _next + 1;
        while (end < _source.Length && IsNamePart(_source[end])) end++;
        (Kind, Value) = (TokenKind.Name, Parts.Text(_source[_next..end]));
        _next = end;
    }

    private void ReadSymbol()
    {
        var length = _next + 1 < _source.Length && _source.AsSpan(_next, 2) is "<>" or "<=" or ">=" ? 2 : 1;
        var symbol = _source.Substring(_next, length);
        if (!"()=<>+-*/%^,".Contains(symbol[0]))
            throw new Cql2Refusal(Cql2Reasons.Unreadable, $"no character U+{(int)symbol[0]:X4} at position {Position}");
        (Kind, Value) = (TokenKind.Symbol, symbol);
        _next += length;
    }

    private static bool IsNameStart(char letter) => char.IsLetter(letter) || letter is '_' or ':' || char.IsSurrogate(letter);

    private static bool IsNamePart(char letter) => IsNameStart(letter) || letter is '.' or '\u203F' or '\u2040' || char.IsDigit(letter)
        || CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
