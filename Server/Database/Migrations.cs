using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace GridMap.Server.Databases;

/// <summary>
/// Brings the database up to the program: <c>data/migrations/NNNN_name.sql</c> in order, each once, under an advisory lock,
/// each in a transaction of its own. A migration that was edited after it ran is refused by its checksum.
/// </summary>
public static class Migrations
{
    private const long LockKey = 0x47_52_49_44_4D_41_50; // "GRIDMAP"

    public sealed record Migration(string Name, string Text)
    {
        public byte[] Checksum { get; } = SHA256.HashData(Encoding.UTF8.GetBytes(Text.ReplaceLineEndings("\n")));
    }

    public static IReadOnlyList<Migration> All { get; } = EmbeddedFiles.In("migrations").Select(file => new Migration(file.Name, file.Text)).ToList();

    /// <returns>The names of the migrations applied by this call.</returns>
    public static async Task<List<string>> Apply(NpgsqlDataSource source, Action<string> progress, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await connection.Execute($"SELECT pg_advisory_lock({LockKey})", cancellation);
        try
        {
            await connection.Execute($"""
                CREATE TABLE IF NOT EXISTS schema_migrations (
                    name       text PRIMARY KEY,
                    checksum   bytea NOT NULL,
                    applied_at timestamptz NOT NULL DEFAULT now()
                )
                """, cancellation);
            var applied = await Applied(connection, cancellation);
            var done = new List<string>();
            foreach (var migration in All)
            {
                if (applied.TryGetValue(migration.Name, out var checksum))
                {
                    if (!checksum.AsSpan().SequenceEqual(migration.Checksum))
                        throw new InvalidOperationException($"Migration {migration.Name} was edited after it had been applied. Add a new migration instead.");
                    continue;
                }
                progress($"migrating: {migration.Name}");
                await using var transaction = await connection.BeginTransactionAsync(cancellation);
                await using (var command = new NpgsqlCommand(migration.Text, connection) { CommandTimeout = 0 })
                    await command.ExecuteNonQueryAsync(cancellation);
                await connection.Execute($"INSERT INTO schema_migrations (name, checksum) VALUES ({migration.Name}, {migration.Checksum})", cancellation);
                await transaction.CommitAsync(cancellation);
                done.Add(migration.Name);
            }
            return done;
        }
        finally
        {
            await connection.Execute($"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    /// <summary>Whether the database stands exactly where this program expects it.</summary>
    public static async Task<bool> AreCurrent(Database database, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        if (!await connection.Scalar<bool>($"SELECT to_regclass('schema_migrations') IS NOT NULL", cancellation)) return false;
        var applied = await Applied(connection, cancellation);
        return All.All(migration => applied.ContainsKey(migration.Name));
    }

    private static async Task<Dictionary<string, byte[]>> Applied(NpgsqlConnection connection, CancellationToken cancellation) =>
        (await connection.Query($"SELECT name, checksum FROM schema_migrations",
            reader => (Name: reader.GetString(0), Checksum: reader.GetFieldValue<byte[]>(1)), cancellation))
        .ToDictionary(row => row.Name, row => row.Checksum);
}
