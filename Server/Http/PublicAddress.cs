namespace GridMap.Server.Http;

/// <summary>The server's address as the outside world writes it, for absolute links.</summary>
public static class PublicAddress
{
    /// <summary>Without a slash at the end: GRIDMAP_PUBLIC_URL where there is a proxy, else as asked.</summary>
    public static string Of(HttpContext http) =>
        http.RequestServices.GetRequiredService<IConfiguration>()["GRIDMAP_PUBLIC_URL"]?.TrimEnd('/')
        ?? $"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}";
}
