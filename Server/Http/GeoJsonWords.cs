namespace GridMap.Server.Http;

/// <summary>The reader of GeoJSON says what is wrong, mostly as what it expected; errors of fields say what was expected.</summary>
public static class GeoJsonWords
{
    private const string Expectation = "expected ";

    public static string Expected(string? detail) => detail is null ? "a valid geometry"
        : detail.StartsWith(Expectation, StringComparison.Ordinal) ? detail[Expectation.Length..] : $"a valid geometry ({detail})";
}
