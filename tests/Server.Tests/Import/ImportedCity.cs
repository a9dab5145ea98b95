using GridMap.Server.Import;
using Xunit;

namespace GridMap.Server.Tests.Import;

/// <summary>A scratch database and the means to run profiles in it.</summary>
public class ImportedCity : IAsyncLifetime
{
    public ScratchDatabase Scratch { get; } = new();

    public virtual Task InitializeAsync() => Scratch.InitializeAsync();

    public Task DisposeAsync() => Scratch.DisposeAsync();

    public Task<ImportReport> Import(Profile profile, string source, bool dryRun = false) =>
        new Importer(Scratch.Address, ImportLimits.Default, _ => { }).Run(profile, new SourceFolder(source, ImportLimits.Default.FileBytes), dryRun, CancellationToken.None);

    public Task<ImportReport> Import(string profile, string source, bool dryRun = false) => Import(ProfileReader.Read(profile), source, dryRun);

    public async Task<long> Count(string table, string condition = "TRUE") => await Scratch.Scalar<long>($"SELECT count(*) FROM {table} WHERE {condition}");
}

/// <summary>Cambridge, imported once for the tests that only look at it.</summary>
public sealed class CambridgeCity : ImportedCity
{
    public ImportReport Report { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        if ((ScratchDatabase.ReasonToSkip ?? RealData.ReasonToSkip) is not null) return;
        await base.InitializeAsync();
        Report = await Import(ProfileReader.Find("cambridge"), RealData.Path("cambridge_ma"));
    }
}
