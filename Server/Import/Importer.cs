using System.Diagnostics;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Import;

/// <summary>Runs a profile over a source: one import at a time in a database, each step in a transaction of its own (a dry run: all in one that is undone).</summary>
public sealed class Importer(string address, ImportLimits limits, Action<string> progress)
{
    private const long LockKey = 0x47_4D_49_4D_50_4F_52_54; // "GMIMPORT"

    public async Task<ImportReport> Run(Profile profile, SourceFolder folder, bool dryRun, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var started = DateTime.UtcNow;
        // Loading a city takes longer than a question may; cancelling and the file's own time limit still end it.
        var builder = new NpgsqlConnectionStringBuilder(address) { CommandTimeout = 0, MaxAutoPrepare = 0, ApplicationName = "gridmap import" };
        await using var source = NpgsqlDataSource.Create(builder);
        var database = new Database(source);
        await using var connection = await database.Open(cancellation);
        if (!await connection.Scalar<bool>($"SELECT pg_try_advisory_lock({LockKey})", cancellation))
            throw new ImportException("", "Another import is running in this database.");
        try
        {
            await using var schema = await StagingSchema.Create(database, cancellation);
            var staging = new Staging(database, address, schema, folder, limits, OsmFields.Of(profile));
            var steps = await Steps(profile, connection, schema, staging, dryRun, cancellation);
            return new ImportReport(profile.Name, folder.Folder, dryRun, started, Math.Round(clock.Elapsed.TotalSeconds, 3), steps);
        }
        finally
        {
            await connection.Execute($"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    private async Task<List<StepReport>> Steps(
        Profile profile, NpgsqlConnection connection, StagingSchema schema, Staging staging, bool dryRun, CancellationToken cancellation)
    {
        var reports = new List<StepReport>();
        await using var whole = dryRun ? await connection.BeginTransactionAsync(cancellation) : null;
        await InTransaction(connection, whole, profile.Name, async () => await CityOf.Begin(profile, connection, cancellation), cancellation);
        foreach (var (index, step) in profile.Steps.Index())
        {
            progress($"step {index + 1} of {profile.Steps.Count}: {step.Name}");
            StepReport? report = null;
            var source = step is TableStep table ? await Source(table, schema, staging, cancellation) : null;
            await InTransaction(connection, whole, profile.Name, async () =>
            {
                var listed = ImportReport.ListedRows - reports.Sum(one => one.RefusedRows.Count + one.RepairedRows.Count);
                report = await Run(step, source, connection, schema, index + 1, profile.City.TimeZone, Math.Max(0, listed), cancellation);
            }, cancellation);
            reports.Add(report!);
            progress("  " + report);
        }
        await InTransaction(connection, whole, profile.Name, async () => await CityOf.Finish(profile, connection, cancellation), cancellation);
        if (whole is not null) await whole.RollbackAsync(cancellation);
        return reports;
    }

    private static async Task<SourceRows?> Source(TableStep step, StagingSchema schema, Staging staging, CancellationToken cancellation) => step.Source switch
    {
        AreaSource areas => SourceRows.OfAreas(areas),
        HullSource hull => await Files(hull.Of, schema, staging, cancellation) is { Count: > 0 } sources ? SourceRows.OfHull(schema, sources) : null,
        FileSource files => (await Files([files], schema, staging, cancellation)).FirstOrDefault(),
        _ => throw new InvalidOperationException($"A source of type {step.Source.GetType().Name} is not read."),
    };

    private static async Task<List<SourceRows>> Files(IReadOnlyList<FileSource> files, StagingSchema schema, Staging staging, CancellationToken cancellation)
    {
        var sources = new List<SourceRows>();
        foreach (var source in files)
        {
            if (await staging.Stage(source, cancellation) is { Count: > 0 } tables) sources.Add(SourceRows.Of(schema, tables, source));
        }
        return sources;
    }

    private static async Task<StepReport> Run(
        Step step, SourceRows? source, NpgsqlConnection connection, StagingSchema schema, int number, string timeZone, int listed, CancellationToken cancellation)
    {
        if (step is DistributeStep distribute) return await new Distribution(distribute).Run(connection, schema, number, cancellation);
        var table = (TableStep)step;
        if (source is null) return StepReport.Skipped(step.Name, table.Table.Name, "the source has no such file");
        if (table.OnlyWithoutLevel is { } level && await connection.Scalar<bool>($"SELECT EXISTS (SELECT FROM areas WHERE level = {level})", cancellation))
            return StepReport.Skipped(step.Name, table.Table.Name, $"there is a {level} already");
        var can = new ExpressionSql(schema, source.Columns);
        var filled = table with { Fields = table.Fields.Where(field => can.CanFill(field.Value)).ToDictionary() };
        return await new TableLoad(filled, schema, number, timeZone).Run(connection, source, listed, cancellation);
    }

    private static async Task InTransaction(NpgsqlConnection connection, NpgsqlTransaction? whole, string profile, Func<Task> work, CancellationToken cancellation)
    {
        await using var own = whole is null ? await connection.BeginTransactionAsync(cancellation) : null;
        await connection.Execute($"SELECT set_config('gridmap.actor', {"import " + profile}, true), set_config('TimeZone', 'UTC', true)", cancellation);
        await work();
        if (own is not null) await own.CommitAsync(cancellation);
    }
}
