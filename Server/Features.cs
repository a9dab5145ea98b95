using GridMap.Server.Access;

namespace GridMap.Server;

/// <summary>Every feature, a line each: its services and its routes.</summary>
public static class Features
{
    public static void AddServices(IServiceCollection services)
    {
        _ = services;
    }

    public static void Map(WebApplication app)
    {
        app.MapAccess();
    }
}
