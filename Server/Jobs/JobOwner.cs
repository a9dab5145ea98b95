using GridMap.Server.Access;
using GridMap.Server.Http;

namespace GridMap.Server.Jobs;

/// <summary>
/// Whose a job is. Callers without a key cannot be told apart: theirs is whoever's who knows its id, which nobody can guess and no list shows; where they come from only counts.
/// </summary>
/// <param name="Name">Of the key; else the address.</param>
public sealed record JobOwner(string Name, bool HasKey)
{
    public static JobOwner Of(HttpContext http) => Caller.Of(http) is { SignedIn: true } caller
        ? new(caller.Name, HasKey: true) : new(Sender.AddressOf(http), HasKey: false);
}
