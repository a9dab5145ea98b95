using GridMap.Server.Databases;
using Npgsql;
using Xunit;

namespace GridMap.Server.Tests;

/// <summary>
/// A migrated, otherwise empty database of its own for one test class (<c>IClassFixture&lt;ScratchDatabase&gt;</c>), dropped afterwards.
/// It is copied from a template that is migrated once a run, so it costs a fraction of a second.
/// </summary>
public sealed class ScratchDatabase : IAsyncLifetime
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static readonly string Run = Guid.NewGuid().ToString("N")[..8];
    private static int s_count;
    private static string? s_template;

    public static bool IsCi => Environment.GetEnvironmentVariable("CI") == "true";

    public static string? AdminAddress => Environment.GetEnvironmentVariable("GRIDMAP_TEST_DB");

    public static string? ReasonToSkip => AdminAddress is null && !IsCi ? "GRIDMAP_TEST_DB names no PostGIS server." : null;

    public string Name { get; private set; } = "";

    public string Address { get; private set; } = "";

    public NpgsqlDataSource Source { get; private set; } = null!;

    public Database Database { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (ReasonToSkip is not null) return;
        await Gate.WaitAsync();
        try
        {
            s_template ??= await MakeTemplate();
            Name = $"gridmap_test_{Run}_{Interlocked.Increment(ref s_count)}";
            await Admin($"CREATE DATABASE {Name} TEMPLATE {s_template}");
        }
        finally
        {
            Gate.Release();
        }
        Address = AddressOf(Name);
        Source = NpgsqlDataSource.Create(DatabaseAddress.Read(Address));
        Database = new Database(Source);
    }

    public async Task DisposeAsync()
    {
        if (Name.Length == 0) return;
        await Source.DisposeAsync();
        await Admin($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
    }

    /// <summary>Waits until a server over this database has seen what was written behind its back.</summary>
    public Func<Task>? Seen { get; set; }

    /// <summary>Runs SQL that the test itself wrote.</summary>
    public async Task Execute(string sql)
    {
        await using (var command = Source.CreateCommand(sql)) await command.ExecuteNonQueryAsync();
        if (Seen is not null) await Seen();
    }

    public async Task<T?> Scalar<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    private static async Task<string> MakeTemplate()
    {
        var name = $"gridmap_test_{Run}_template";
        await Admin($"CREATE DATABASE {name}");
        await using (var source = NpgsqlDataSource.Create(DatabaseAddress.Read(AddressOf(name)).ConnectionString + ";Pooling=false"))
        {
            await Migrations.Apply(source, _ => { }, CancellationToken.None);
            await Catalogues.Load(source, CancellationToken.None);
        }
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Admin($"DROP DATABASE IF EXISTS {name} WITH (FORCE)").Wait(5000);
        return name;
    }

    private static async Task Admin(string sql)
    {
        await using var connection = new NpgsqlConnection(AdminBuilder().ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    private static string AddressOf(string database)
    {
        var builder = AdminBuilder();
        builder.Database = database;
        builder.Pooling = true; // a connection's first question about geometry costs PostgreSQL 90 ms: it loads PostGIS
        return builder.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder AdminBuilder()
    {
        var builder = DatabaseAddress.Read(AdminAddress ?? throw new InvalidOperationException("GRIDMAP_TEST_DB must name a PostGIS server in CI."));
        builder.Pooling = false;
        return builder;
    }
}
