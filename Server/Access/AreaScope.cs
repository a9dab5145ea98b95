using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Access;

/// <summary>A key that is limited to an area writes only there.</summary>
public static class AreaScope
{
    /// <exception cref="Refused">The area is not inside the caller's.</exception>
    public static async Task Check(NpgsqlConnection connection, Caller caller, long? areaId, CancellationToken cancellation)
    {
        if (caller.AreaId is not { } limit) return;
        if (areaId is not { } id || !await connection.Scalar<bool>($"SELECT {id} IN (SELECT areas_below({limit}))", cancellation))
            throw new Refused(Problems.OutsideArea, $"The key {caller.Name} may only write inside its own area.");
    }
}
