using GridMap.Server.Http;

namespace GridMap.Server.Access;

/// <summary>What a key may do. Each role may do everything that those before it may.</summary>
public enum Role
{
    None,
    Reader,
    Reporter,
    Operator,
    Planner,
    Administrator,
}

/// <summary>Who asks. <see cref="AreaId"/> limits writing to one area and what lies below it.</summary>
public sealed record Caller(string Name, Role Role, long? AreaId)
{
    public static readonly Caller Anonymous = new("anonymous", Role.None, null);

    public bool SignedIn => Role != Role.None;

    /// <exception cref="Refused">Nobody is signed in, or the role is too low.</exception>
    public void Must(Role least)
    {
        if (!SignedIn) throw new Refused(Problems.KeyMissing, "Send an API key as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'.");
        if (Role < least)
            throw new Refused(Problems.RoleTooLow, $"This needs the role {least.ToString().ToLowerInvariant()}; the key {Name} has {Role.ToString().ToLowerInvariant()}.");
    }

    public static Caller Of(HttpContext http) => http.Features.Get<Caller>() ?? Anonymous;
}
