namespace GridMap.Server.Wfs;

/// <summary>
/// Values of several queries in one parameter (OGC 09-025r2 §6.2.5.3): <c>(a,b)(c)</c> are two lists, <c>()</c> is an empty one, and what has no brackets around it
/// is one list.
/// </summary>
public static class WfsLists
{
    /// <exception cref="WfsFault">A bracket is never closed, or something stands between the lists.</exception>
    public static List<string> Read(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return [];
        text = text.Trim();
        if (text[0] != '(') return [text];
        var lists = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            if (text[at] != '(' || End(text, at + 1) is not (>= 0 and var end)) throw WfsFault.Invalid(name, "a list for each query in brackets, such as (…)(…)");
            lists.Add(text[(at + 1)..end].Trim());
            at = end + 1;
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        }
        return lists;
    }

    // Where the list ends that begins here; less than 0 for nowhere. A bracket between the tags of a filter is text.
    private static int End(string text, int at)
    {
        var depth = 0;
        for (; at < text.Length; at++)
        {
            if (text[at] == ')' && depth == 0) return at;
            if (text[at] != '<') continue;
            var rest = text.AsSpan(at);
            if (rest.StartsWith("<![CDATA[")) at = Behind(text, at, "]]>");
            else if (rest.StartsWith("<!--")) at = Behind(text, at, "-->");
            else if (rest.StartsWith("<?")) at = Behind(text, at, "?>");
            else
            {
                var isEnd = rest.StartsWith("</");
                at = TagEnd(text, at);
                if (at >= 0) depth += isEnd ? -1 : text[at - 1] == '/' ? 0 : 1;
            }
            if (at < 0) return -1;
        }
        return -1;
    }

    private static int Behind(string text, int at, string mark) => text.IndexOf(mark, at, StringComparison.Ordinal) is >= 0 and var found ? found + mark.Length - 1 : -1;

    // The bracket that closes a tag; one in the quotes of an attribute does not.
    private static int TagEnd(string text, int at)
    {
        for (var quote = '\0'; at < text.Length; at++)
        {
            if (quote != '\0') quote = text[at] == quote ? '\0' : quote;
            else if (text[at] is '"' or '\'') quote = text[at];
            else if (text[at] == '>') return at;
        }
        return -1;
    }
}
