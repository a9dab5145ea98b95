using System.CommandLine;
using GridMap.Geo.Projections;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Import;

/// <summary><c>import --profile NAME-OR-FILE --source PATH [--report FILE] [--dry-run]</c>. Exit code 0 also with refused rows: the report lists them; 1 when the import could not run.</summary>
public static class ImportCommand
{
    public static Command Create()
    {
        var profile = new Option<string>("--profile") { Required = true, Description = $"A shipped profile ({string.Join(", ", ProfileReader.Shipped)}) or a file; see docs/import.md." };
        var source = new Option<string>("--source") { Required = true, Description = "The folder (or the one file) that the profile's file names are relative to." };
        var report = new Option<string?>("--report") { Description = "Write what was done and which rows were refused: JSON here, text beside it." };
        var city = new Option<string?>("--city") { Description = "The city's name, in place of the profile's." };
        var cityCode = new Option<string?>("--city-code") { Description = "The city's division code, in place of the profile's." };
        var zone = new Option<string?>("--time-zone") { Description = "The city's time zone (IANA), in place of the profile's." };
        var coord = new Option<string?>("--coord") { Description = "What coordinates are in where the profile does not say: wgs84 (also cgcs2000), gcj02 (Amap, Tencent), bd09 (Baidu)." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Read, check and count everything, then undo it." };
        var maxMegabytes = new Option<int>("--max-megabytes") { Description = "Largest file.", DefaultValueFactory = _ => (int)(ImportLimits.Default.FileBytes >> 20) };
        var maxRows = new Option<int>("--max-rows") { Description = "Most rows of one file.", DefaultValueFactory = _ => (int)ImportLimits.Default.Rows };
        var minutes = new Option<int>("--timeout-minutes") { Description = "Longest time to read one file.", DefaultValueFactory = _ => (int)ImportLimits.Default.FileTime.TotalMinutes };
        var command = new Command("import", "Bring a city's files into the database.") { profile, source, city, cityCode, zone, coord, report, dryRun, maxMegabytes, maxRows, minutes };
        command.SetAction((parsed, cancellation) => Commands.WithDatabase(async database =>
        {
            try
            {
                var limits = new ImportLimits(
                    Positive(parsed.GetValue(maxRows), "--max-rows"), (long)Positive(parsed.GetValue(maxMegabytes), "--max-megabytes") << 20,
                    TimeSpan.FromMinutes(Positive(parsed.GetValue(minutes), "--timeout-minutes")));
                var plan = ProfileReader.Find(parsed.GetValue(profile)!).For(parsed.GetValue(city), parsed.GetValue(cityCode), parsed.GetValue(zone), Datum(parsed.GetValue(coord)));
                var folder = new SourceFolder(parsed.GetValue(source)!, limits.FileBytes);
                await Migrations.Apply(database, Console.WriteLine, cancellation);
                await Catalogues.Load(database, cancellation);
                var address = DatabaseAddress.Read(Environment.GetEnvironmentVariable(DatabaseAddress.Variable)!).ConnectionString;
                var done = await new Importer(address, limits, Console.WriteLine).Run(plan, folder, parsed.GetValue(dryRun), cancellation);
                if (parsed.GetValue(report) is { } file) await done.Write(file, cancellation);
                Console.WriteLine($"{done.Read:N0} rows read, {done.Inserted:N0} inserted, {done.Updated:N0} updated, {done.Refused:N0} refused in {done.Seconds:0.0} s"
                    + (done.DryRun ? "; dry run: nothing was kept" : ""));
            }
            catch (ImportException fault)
            {
                throw new InvalidDataException("import: " + fault.Message, fault);
            }
        }));
        return command;
    }

    private static ChinaDatum? Datum(string? name) =>
        name is null ? null : ChinaOffset.TryParse(name, out var datum) ? datum : throw new ImportException("", "--coord must be wgs84, cgcs2000, gcj02 or bd09.");

    private static int Positive(int value, string option) => value > 0 ? value : throw new ImportException("", $"{option} must be above 0.");
}
