using GridMap.Server.Databases;
using GridMap.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace GridMap.Server.Access;


public sealed record Me(string Name, string Role, long? AreaId, bool SignedIn);

public sealed record ApiKey(long Id, string Name, string Prefix, string Role, long? AreaId, DateTime CreatedAt, string CreatedBy, DateTime? ExpiresAt, DateTime? RevokedAt, string? RevokedBy);

public sealed record ApiKeyWanted(string Name, string Role, long? AreaId = null, string? ExpiresAt = null);

public sealed record ApiKeyMade(long Id, string Name, string Role, string Key);

public sealed record SignIn(string Key);

public static class AccessEndpoints
{
    public static void MapAccess(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api").About("Access", "Keys, roles and who is asking");
        api.MapGet("/me", WhoAmI).Takes().WithSummary("Who the key belongs to");
        api.MapPost("/session", Begin).Takes().Accepts<SignIn>("application/json").WithSummary("Keep the key in a cookie, for event streams");
        api.MapDelete("/session", End).Takes().WithSummary("Forget the cookie");
        api.MapGet("/keys", List).Takes().Needs(Role.Administrator).WithSummary("All keys, without their secrets");
        api.MapPost("/keys", Make).Takes().Needs(Role.Administrator).Accepts<ApiKeyWanted>("application/json").WithSummary("Make a key; it is shown this once");
        api.MapDelete("/keys/{id:long}", Revoke).Takes().Needs(Role.Administrator).WithSummary("Revoke a key");
    }

    private static Ok<Me> WhoAmI(HttpContext http)
    {
        var caller = Caller.Of(http);
        return TypedResults.Ok(new Me(caller.Name, caller.Role.ToString().ToLowerInvariant(), caller.AreaId, caller.SignedIn));
    }

    private static async Task<Ok<Me>> Begin(HttpContext http, Database database, CancellationToken cancellation)
    {
        var wanted = await Body.Read<SignIn>(http, cancellation);
        var caller = await ApiKeys.Find(database, wanted.Key, cancellation) ?? throw new Refused(Problems.KeyUnknown, "The key is unknown, expired or revoked.");
        http.Response.Cookies.Append(Authentication.Cookie, wanted.Key, new CookieOptions
        {
            HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/", IsEssential = true,
        });
        return TypedResults.Ok(new Me(caller.Name, caller.Role.ToString().ToLowerInvariant(), caller.AreaId, true));
    }

    private static NoContent End(HttpContext http)
    {
        http.Response.Cookies.Delete(Authentication.Cookie);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<Listed<ApiKey>>> List(Database database, CancellationToken cancellation) =>
        TypedResults.Ok(new Listed<ApiKey>(await database.Query($"""
            SELECT id, name, prefix, role, area_id, created_at, created_by, expires_at, revoked_at, revoked_by FROM api_keys ORDER BY id
            """, reader => new ApiKey(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.LongOrNull(4),
                reader.GetDateTime(5), reader.GetString(6), reader.TimeOrNull(7), reader.TimeOrNull(8), reader.TextOrNull(9)), cancellation)));

    private static async Task<Created<ApiKeyMade>> Make(HttpContext http, Database database, CityClock clock, CancellationToken cancellation)
    {
        var wanted = await Body.Read<ApiKeyWanted>(http, cancellation);
        var errors = new List<FieldError>();
        if (wanted.Name.Trim().Length is < 1 or > 100) errors.Add(new FieldError("name", "text.length", "1 to 100 characters"));
        if (!Enum.TryParse<Role>(wanted.Role, ignoreCase: true, out var role) || role == Role.None || int.TryParse(wanted.Role, out _))
            errors.Add(new FieldError("role", "choice.unknown", "one of reader, reporter, operator, planner, administrator"));
        var expiresAt = await clock.Utc(wanted.ExpiresAt, "expiresAt", errors, cancellation);
        if (expiresAt <= DateTime.UtcNow) errors.Add(new FieldError("expiresAt", "time.past", "a moment in the future"));
        if (errors.Count > 0) throw Refused.Fields(errors);
        var caller = Caller.Of(http);
        // A key hands on what it has and no more: else whoever is limited would make themselves a key that is not.
        await using (var connection = await database.Open(cancellation)) await AreaScope.Check(connection, caller, wanted.AreaId, cancellation);
        var (id, key) = await ApiKeys.Create(database, wanted.Name.Trim(), role, wanted.AreaId, expiresAt, caller.Name, cancellation);
        return TypedResults.Created($"/api/keys/{id}", new ApiKeyMade(id, wanted.Name.Trim(), role.ToString().ToLowerInvariant(), key));
    }

    private static async Task<NoContent> Revoke(long id, HttpContext http, Database database, CancellationToken cancellation)
    {
        var caller = Caller.Of(http);
        await database.Write(caller.Name, async connection =>
        {
            var (isThere, area) = await connection.QueryOne($"SELECT area_id FROM api_keys WHERE id = {id} AND revoked_at IS NULL FOR UPDATE", reader => (true, reader.LongOrNull(0)), cancellation);
            if (!isThere) throw Refused.NotFound("key", id);
            await AreaScope.Check(connection, caller, area, cancellation);
            return await connection.Execute($"UPDATE api_keys SET revoked_at = now() WHERE id = {id}", cancellation);
        }, cancellation);
        return TypedResults.NoContent();
    }
}
