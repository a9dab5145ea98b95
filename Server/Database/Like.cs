namespace GridMap.Server.Databases;

/// <summary>Patterns for LIKE and ILIKE from what people type: their %, _ and \ mean themselves.</summary>
public static class Like
{
    public static string Contains(string text) => $"%{Escape(text)}%";

    public static string StartsWith(string text) => $"{Escape(text)}%";

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
