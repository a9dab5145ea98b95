using GridMap.SampleCity;
using GridMap.Server.SampleCities;
using GridMap.Server.Walking;
using Npgsql;
using Xunit;

namespace GridMap.Server.Tests.Walking;

/// <summary>A server over the sample city of 60 grids (<c>IClassFixture&lt;WalkingTown&gt;</c>).</summary>
public sealed class WalkingTown : IAsyncLifetime
{
    public GridMapServer Server { get; } = new();

    public ScratchDatabase Scratch => Server.Scratch;

    public HttpClient Anyone => Server.Anyone;

    public async Task InitializeAsync()
    {
        await Server.InitializeAsync();
        if (ScratchDatabase.ReasonToSkip is null)
            await SampleCommand.Fill(Scratch.Source, 60, CityOrder.UsualSeed, onlyIfEmpty: false, _ => { }, CancellationToken.None);
    }

    public Task DisposeAsync() => Server.DisposeAsync();

    public Task<WalkingCity> City() => Server.Service<WalkingCities>().Now(CancellationToken.None).AsTask();

    /// <summary>Homes here and there in the town, as lon and lat.</summary>
    public Task<List<(double Lon, double Lat)>> Homes(int count) => Server.Database.Query(
        $"SELECT ST_X(centre), ST_Y(centre) FROM buildings WHERE residents > 0 ORDER BY md5(code) LIMIT {count}", row => (row.GetDouble(0), row.GetDouble(1)), CancellationToken.None);
}

/// <summary>Compares with pgRouting: skipped where the database server does not have it.</summary>
public sealed class PgRoutingFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Reason = new(() =>
    {
        if (ScratchDatabase.AdminAddress is not { } address) return ScratchDatabase.ReasonToSkip;
        using var connection = new NpgsqlConnection(Databases.DatabaseAddress.Read(address).ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pgrouting')", connection);
        return command.ExecuteScalar() is true ? null : "This PostgreSQL has no pgRouting (Debian: postgresql-15-pgrouting).";
    });

    public PgRoutingFactAttribute() => Skip = Reason.Value;
}
