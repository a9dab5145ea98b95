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

    public static Caller Of(HttpContext http) => http.Features.Get<Caller>() ?? Anonymous;
}
