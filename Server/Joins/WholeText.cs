using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace GridMap.Server.Joins;

/// <summary>
/// Texts of a feature whose characters are all whole. JSON may name half of a surrogate pair (<c>"\ud800"</c>, RFC 8259 §8.2) and hold bytes that are no UTF-8;
/// no answer in UTF-8 can repeat either.
/// </summary>
public static class WholeText
{
    private const int EscapeLength = 6; // \uXXXX

    /// <returns>The feature with U+FFFD for what is no character; null when there is nothing of the kind.</returns>
    public static byte[]? Mended(ReadOnlySpan<byte> json)
    {
        var mended = Utf8.IsValid(json) ? null : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        var text = mended ?? json;
        for (var i = text.IndexOf((byte)'\\'); i >= 0 && i + 1 < text.Length;)
        {
            // A backslash stands in texts only, and always with what it escapes.
            var step = 2;
            if (Escaped(text[i..]) is { } letter && char.IsSurrogate(letter))
            {
                var isPair = char.IsHighSurrogate(letter) && Escaped(text[(i + EscapeLength)..]) is { } second && char.IsLowSurrogate(second);
                if (!isPair)
                {
                    mended ??= json.ToArray();
                    "\\ufffd"u8.CopyTo(mended.AsSpan(i));
                    text = mended;
                }
                step = isPair ? 2 * EscapeLength : EscapeLength;
            }
            var next = text[(i + step)..].IndexOf((byte)'\\');
            i = next < 0 ? -1 : i + step + next;
        }
        return mended;
    }

    private static char? Escaped(ReadOnlySpan<byte> text)
    {
        if (text.Length < EscapeLength || !text.StartsWith("\\u"u8)) return null;
        return ushort.TryParse(text[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var letter) ? (char)letter : null;
    }
}
