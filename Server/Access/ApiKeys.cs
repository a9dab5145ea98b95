using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Access;

/// <summary>Keys: 256 random bits, of which the database keeps only the SHA-256.</summary>
public static class ApiKeys
{
    public const string Prefix = "gm_";
    private const int ShownCharacters = 8;

    /// <summary>The part of a key that lists show; null for what is too short to be one.</summary>
    public static string? PrefixOf(string key) => key.Length > ShownCharacters && key.StartsWith(Prefix, StringComparison.Ordinal) ? key[..ShownCharacters] : null;

    public static async Task<Caller?> Find(Database database, string key, CancellationToken cancellation)
    {
        if (!key.StartsWith(Prefix, StringComparison.Ordinal) || key.Length > 100) return null;
        var hash = Hash(key);
        return await database.QueryOne($"""
            SELECT name, role, area_id FROM api_keys
            WHERE key_hash = {hash} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
            """, reader => new Caller(reader.GetString(0), Enum.Parse<Role>(reader.GetString(1), ignoreCase: true), reader.LongOrNull(2)), cancellation);
    }

    /// <returns>The key, which is shown this once and can never be read again.</returns>
    /// <exception cref="Refused">A key of this name is in use, or the area does not exist.</exception>
    public static async Task<(long Id, string Key)> Create(Database database, string name, Role role, long? areaId, DateTime? expiresAt, string actor, CancellationToken cancellation)
    {
        var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        try
        {
            var id = await database.Scalar<long>($"""
                INSERT INTO api_keys (name, prefix, key_hash, role, area_id, created_by, expires_at)
                VALUES ({name}, {PrefixOf(key)}, {Hash(key)}, {role.ToString().ToLowerInvariant()}, {areaId}, {actor}, {expiresAt})
                RETURNING id
                """, cancellation);
            return (id, key);
        }
        catch (PostgresException refused) when (refused.ConstraintName == "api_keys_name_in_use")
        {
            throw new Refused("key.name-in-use", $"A key named {name} is in use.");
        }
        catch (PostgresException refused) when (refused.ConstraintName == "api_keys_area_fk")
        {
            throw Refused.Field("areaId", "area.not-found", "the id of an area");
        }
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
