using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Changes;

/// <summary>
/// Notes once a minute where the change log stands, so that a time can be turned into a position. Every server tries; one a minute succeeds.
/// A minute that nobody noted costs a mirror that asks for a time some repeated changes, never a lost one.
/// </summary>
public sealed partial class ChangePositions(Database database, ILogger<ChangePositions> logger) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>The statement's snapshot is taken before its clock is read, so what it sees was committed before that time.</summary>
    public static Task<int> Note(Database database, CancellationToken cancellation) => database.Execute($"""
        INSERT INTO change_positions (at, snapshot)
        SELECT clock_timestamp(), pg_current_snapshot()
        WHERE NOT EXISTS (SELECT FROM change_positions WHERE at > clock_timestamp() - {Every * 0.9}
                             OR (snapshot::text = pg_current_snapshot()::text AND at = (SELECT max(at) FROM change_positions)))
        ON CONFLICT DO NOTHING
        """, cancellation);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var clock = new PeriodicTimer(Every);
        do
        {
            try
            {
                await Note(database, stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException)
            {
                Missed(logger, exception.Message);
            }
        }
        while (await clock.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(20, LogLevel.Warning, "The position of the change log could not be noted: {Reason}")]
    private static partial void Missed(ILogger logger, string reason);
}
