using GridMap.Server.Databases;

namespace GridMap.Server.Access;

/// <summary>What the keys that are in use begin with, as of a second ago at most: who sends another is guessing, and the database need not be asked for each guess.</summary>
public sealed class KeyPrefixes(Database database, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<HashSet<string>>? _known;
    private long _askedAt;

    public async ValueTask<bool> Have(string key) => ApiKeys.PrefixOf(key) is { } prefix && (await Known()).Contains(prefix);

    // Whoever comes while it is being read waits for the same reading.
    private Task<HashSet<string>> Known()
    {
        lock (_gate)
        {
            if (_known is null || (_known.IsCompleted && time.GetElapsedTime(_askedAt) > Fresh)) (_known, _askedAt) = (Read(), time.GetTimestamp());
            return _known;
        }
    }

    private async Task<HashSet<string>> Read() =>
        [.. await database.Query($"SELECT prefix FROM api_keys WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())", row => row.GetString(0), CancellationToken.None)];
}
