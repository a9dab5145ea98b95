namespace GridMap.Server.Http;

/// <summary>The server's address as the outside world writes it, for absolute links.</summary>
public sealed class PublicAddress(IConfiguration configuration)
{
    private readonly string? _set = configuration["GRIDMAP_PUBLIC_URL"]?.TrimEnd('/');

    /// <summary>Without a slash at the end: GRIDMAP_PUBLIC_URL where there is a proxy, else as asked.</summary>
    public static string Of(HttpContext http) =>
        http.RequestServices.GetRequiredService<PublicAddress>()._set ?? $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}";
}
