using System.Text;
using System.Text.RegularExpressions;

namespace GridMap.Geo.Tests;

/// <summary>One C# file: its path below the root, its text, and its code alone, without comments and the insides of strings.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    private string? code;

    public string Code => code ??= SourceTree.CodeOnly(Text);

    /// <summary>The folder below Server, or null for files that lie in Server itself or elsewhere.</summary>
    public string? ServerFolder => Path.Split('/') is ["Server", var folder, _, ..] ? folder : null;

    public int Lines => Text.Count(c => c == '\n');
}

/// <summary>Reads the source tree as text: rules about it need no compiler.</summary>
internal static partial class SourceTree
{
    public static IReadOnlyList<SourceFile> Read(params string[] folders) => [.. folders
        .Select(folder => Path.Combine(ReferenceData.Root, folder)).Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Select(file => Path.GetRelativePath(ReferenceData.Root, file).Replace('\\', '/'))
        .Where(path => !path.Split('/').Any(part => part is "obj" or "bin" or "node_modules"))
        .Order(StringComparer.Ordinal)
        .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(ReferenceData.Root, path))))];

    /// <summary>
    /// Blanks comments and the text of strings. Holes of interpolated strings stay: they are code, and raw SQL strings are full of them.
    /// </summary>
    public static string CodeOnly(string text)
    {
        var code = new StringBuilder(text.Length);
        Skim(text, 0, code, until: null);
        return code.ToString();
    }

    [GeneratedRegex("""\G(?<dollars>\$*)(?<quotes>"{3,})""", RegexOptions.None, 1000)]
    private static partial Regex RawStart();

    [GeneratedRegex("""\G(?<prefix>\$@|@\$|\$|@|)"(?!"")""", RegexOptions.None, 1000)]
    private static partial Regex PlainStart();

    /// <summary>Copies code until an unnested closing brace (inside a hole) or the end; returns where it stopped.</summary>
    private static int Skim(string text, int at, StringBuilder code, string? until)
    {
        var depth = 0;
        while (at < text.Length)
        {
            if (until is not null && depth == 0 && string.CompareOrdinal(text, at, until, 0, until.Length) == 0) return at + until.Length;
            if (string.CompareOrdinal(text, at, "//", 0, 2) == 0)
            {
                while (at < text.Length && text[at] != '\n') at++;
            }
            else if (string.CompareOrdinal(text, at, "/*", 0, 2) == 0)
            {
                var end = text.IndexOf("*/", at + 2, StringComparison.Ordinal);
                at = end < 0 ? text.Length : end + 2;
                code.Append(' ');
            }
            else if (text[at] == '\'')
            {
                at = text.IndexOf('\'', at + (at + 1 < text.Length && text[at + 1] == '\\' ? 3 : 2)) + 1;
                if (at == 0) return text.Length;
                code.Append(' ');
            }
            else if (text[at] is '"' or '$' or '@' && RawStart().Match(text, at) is { Success: true } raw)
            {
                at = Inside(text, at + raw.Length, code, raw.Groups["quotes"].Value, raw.Groups["dollars"].Length, escapes: false, verbatim: false);
            }
            else if (text[at] is '"' or '$' or '@' && PlainStart().Match(text, at) is { Success: true } plain)
            {
                var prefix = plain.Groups["prefix"].Value;
                at = Inside(text, at + plain.Length, code, "\"", prefix.Contains('$') ? 1 : 0, escapes: !prefix.Contains('@'), verbatim: prefix.Contains('@'));
            }
            else
            {
                if (text[at] is '{' or '(' or '[') depth++;
                if (text[at] is '}' or ')' or ']') depth--;
                code.Append(text[at++]);
            }
        }

        return at;
    }

    private static int Inside(string text, int at, StringBuilder code, string close, int dollars, bool escapes, bool verbatim)
    {
        code.Append('"');
        var open = new string('{', Math.Max(1, dollars));
        while (at < text.Length)
        {
            if (escapes && text[at] == '\\')
            {
                at += 2;
            }
            else if (verbatim && string.CompareOrdinal(text, at, "\"\"", 0, 2) == 0)
            {
                at += 2;
            }
            else if (string.CompareOrdinal(text, at, close, 0, close.Length) == 0)
            {
                code.Append('"');
                return at + close.Length;
            }
            else if (dollars > 0 && string.CompareOrdinal(text, at, open, 0, open.Length) == 0)
            {
                // "{{" in an ordinary interpolated string is a brace.
                if (dollars == 1 && close.Length == 1 && at + 1 < text.Length && text[at + 1] == '{')
                {
                    at += 2;
                    continue;
                }

                code.Append(' ');
                at = Skim(text, at + open.Length, code, new string('}', dollars));
                code.Append(' ');
            }
            else
            {
                if (text[at] == '\n') code.Append('\n');
                at++;
            }
        }

        return at;
    }
}
