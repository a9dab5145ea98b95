using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server.Import;

/// <summary>A file (one layer of it) in the staging schema. <see cref="Columns"/>: source field → column <c>c1</c>, <c>c2</c> …</summary>
internal sealed record StagedTable(string File, string Table, IReadOnlyDictionary<string, string> Columns, bool HasGeometry);

/// <summary>
/// Brings files into the staging schema with <c>ogr2ogr</c>: every field as text, geometry as EPSG:4326 longitude, latitude.
/// The program is started with an argument list (no shell), may open the one driver that fits the file's ending, has no network, and is ended when it takes too long.
/// </summary>
internal sealed partial class Staging(
    Database database, string address, StagingSchema schema, SourceFolder folder, ImportLimits limits, IReadOnlyDictionary<string, IReadOnlyList<string>> osmFields)
{
    private readonly Dictionary<(string File, string? Layer, string? Encoding, string? Crs), StagedTable> _staged = [];
    private List<string>? _drivers;

    public async Task<IReadOnlyList<StagedTable>> Stage(FileSource source, CancellationToken cancellation)
    {
        var tables = new List<StagedTable>();
        foreach (var file in folder.Find(source))
        {
            var plain = source.X is not null || source.Wkt is not null;
            var key = (file, source.Layer, source.Encoding, plain ? null : source.Crs);
            if (!_staged.TryGetValue(key, out var table)) _staged[key] = table = await Stage(file, source, cancellation);
            tables.Add(table);
        }
        return tables;
    }

    private async Task<StagedTable> Stage(string file, FileSource source, CancellationToken cancellation)
    {
        var table = $"source_{_staged.Count + 1}";
        if (await JsonRows.IsList(file, cancellation))
        {
            var fields = await JsonRows.Stage(file, schema, table, database, limits.Rows, source.Path + ".files", cancellation);
            return new StagedTable(folder.NameOf(file), table, fields, HasGeometry: false);
        }
        var work = Directory.CreateTempSubdirectory("gridmap-import-");
        try
        {
            await Ogr2Ogr(file, table, source, work.FullName, cancellation);
        }
        finally
        {
            work.Delete(recursive: true);
        }
        return new StagedTable(folder.NameOf(file), table, await Rename(table, source, file, cancellation), SourceFolder.DriverOf(file) != "CSV");
    }

    private async Task Ogr2Ogr(string file, string table, FileSource source, string work, CancellationToken cancellation)
    {
        var driver = SourceFolder.DriverOf(file);
        var input = file;
        if (driver == "CSV")
        {
            var encoding = source.Encoding ?? "UTF-8";
            if (!encoding.Equals("UTF-8", StringComparison.OrdinalIgnoreCase))
            {
                input = Path.Combine(work, "source.csv");
                await SourceText.Recode(file, encoding, input, source.Path + ".encoding", cancellation);
            }
            else if (!await SourceText.IsUtf8(file, cancellation))
            {
                throw new ImportException(source.Path + ".files", $"{folder.NameOf(file)} is not written in UTF-8; name its \"encoding\" (for example GB18030)");
            }
        }
        var arguments = new List<string>
        {
            "-f", "PostgreSQL", "PG:", input, "-nln", table, "-mapFieldType", "All=String", "-dim", "XY", "-limit", (limits.Rows + 1L).ToString(),
            "-lco", $"SCHEMA={schema.Name}", "-lco", "GEOMETRY_NAME=geom__", "-lco", "FID=row__", "-lco", "LAUNDER=NO", "-lco", "SPATIAL_INDEX=NONE",
            "-lco", "UNLOGGED=ON", "--config", "PG_USE_COPY", "YES", "--config", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS", ".none", "--config", "OGR_GEOJSON_MAX_OBJ_SIZE", "0",
        };
        if (driver == "CSV") arguments.AddRange(["-oo", "KEEP_GEOM_COLUMNS=YES", "-oo", "EMPTY_STRING_AS_NULL=YES", "-nlt", "NONE"]);
        else arguments.AddRange(["-nlt", "GEOMETRY", "-nlt", "CONVERT_TO_LINEAR", "-t_srs", "EPSG:4326"]);
        if (source.Crs is { } crs && driver != "CSV") arguments.AddRange(["-s_srs", crs]);
        else if (driver == "TopoJSON") arguments.AddRange(["-s_srs", "EPSG:4326"]); // the format has no word for anything else
        if (driver == "ESRI Shapefile" && source.Encoding is { } dbf) arguments.AddRange(["-oo", $"ENCODING={dbf}"]);
        var environment = new Dictionary<string, string> { ["GDAL_SKIP"] = string.Join(',', (await Drivers(cancellation)).Where(name => name != driver && name != "PostgreSQL")) };
        if (driver == "OSM")
        {
            environment["OSM_CONFIG_FILE"] = Path.Combine(work, "osm.ini");
            await File.WriteAllTextAsync(environment["OSM_CONFIG_FILE"], OsmFields.Configuration(osmFields), cancellation);
        }
        if (source.Layer is { } layer) arguments.Add(layer);
        var (code, _, complaints) = await Run(arguments, environment, cancellation);
        if (complaints.Contains("source layer has no", StringComparison.Ordinal))
            throw new ImportException(source.Path, $"{folder.NameOf(file)} does not say in which coordinate system it is; name it as \"crs\", for example EPSG:4549");
        if (code != 0) throw new ImportException(source.Path, $"{folder.NameOf(file)} cannot be read: {complaints}");
    }

    /// <summary>All drivers of this GDAL, so that all but one can be switched off: a file's content cannot choose what opens it.</summary>
    private async Task<List<string>> Drivers(CancellationToken cancellation)
    {
        if (_drivers is not null) return _drivers;
        var (code, answer, complaints) = await Run(["--formats"], [], cancellation);
        var names = DriverLine.Matches(answer).Select(match => match.Groups["name"].Value).ToList();
        if (code != 0 || !names.Contains("PostgreSQL")) throw new ImportException("", $"This GDAL has no PostgreSQL driver: {complaints}");
        return _drivers = names;
    }

    [GeneratedRegex(@"^  (?<name>.+?) -[a-z, ]+- ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DriverLine { get; }

    private async Task<(int Code, string Answer, string Complaints)> Run(List<string> arguments, Dictionary<string, string> environment, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("ogr2ogr") { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        foreach (var (name, value) in LibpqEnvironment.Of(address)) start.Environment[name] = value;
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new ImportException("", "The program ogr2ogr of GDAL is not installed; on Debian and Ubuntu: apt install gdal-bin");
        }
        using (process)
        using (var clock = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            clock.CancelAfter(limits.FileTime);
            var complaints = Head(process.StandardError, 1500, "; ", clock.Token);
            var answer = Head(process.StandardOutput, 100_000, "\n", clock.Token);
            try
            {
                await process.WaitForExitAsync(clock.Token);
                var said = await complaints;
                return (process.ExitCode, await answer, said.Length == 0 ? "ogr2ogr gave no reason" : said);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                if (cancellation.IsCancellationRequested) throw;
                throw new ImportException("", $"A file took longer than {limits.FileTime.TotalMinutes} minutes to read (--timeout-minutes).");
            }
        }
    }

    /// <summary>Reads a stream to its end and keeps its beginning.</summary>
    private static async Task<string> Head(StreamReader reader, int characters, string between, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (text.Length < characters) text.Append(text.Length > 0 ? between : "").Append(line.TrimEnd());
        }
        return text.ToString();
    }

    /// <summary>Source names leave the SQL here: columns become c1, c2 … and the names stay in memory.</summary>
    private async Task<Dictionary<string, string>> Rename(string table, FileSource source, string file, CancellationToken cancellation)
    {
        await using var connection = await database.Open(cancellation);
        var names = await connection.Query($"""
            SELECT attname::text, attnum::integer,
                   format('ALTER TABLE %I.%I RENAME COLUMN %I TO %I', {schema.Name}, {table}, attname, 'c' || attnum)
            FROM pg_attribute
            WHERE attrelid = to_regclass(format('%I.%I', {schema.Name}, {table})) AND attnum > 0 AND NOT attisdropped
            ORDER BY attnum
            """, reader => (Name: reader.GetString(0), Number: reader.GetInt32(1), Rename: reader.GetString(2)), cancellation);
        if (names.Count == 0)
            throw new ImportException(source.Path, $"{folder.NameOf(file)} has no layer to read" + (source.Layer is null ? "" : $" named {source.Layer}"));
        var columns = new Dictionary<string, string>();
        foreach (var (name, number, rename) in names.Where(column => column.Name is not ("geom__" or "row__")))
        {
            await using var command = new NpgsqlCommand(rename, connection);
            await command.ExecuteNonQueryAsync(cancellation);
            columns[name] = $"c{number}";
        }
        var whole = Sql.Trusted($"{schema.Name}.{table}");
        if (names.All(column => column.Name != "geom__")) await connection.Execute($"ALTER TABLE {whole} ADD COLUMN geom__ geometry", cancellation);
        var rows = await connection.Scalar<long>($"SELECT count(*) FROM {whole}", cancellation);
        if (rows > limits.Rows) throw new ImportException(source.Path, $"{folder.NameOf(file)} has more than {limits.Rows} rows (--max-rows)");
        await connection.Execute($"ANALYZE {whole}", cancellation);
        return columns;
    }
}

/// <summary>What an import may use up.</summary>
public sealed record ImportLimits(long Rows, long FileBytes, TimeSpan FileTime)
{
    public static ImportLimits Default { get; } = new(20_000_000, 8L << 30, TimeSpan.FromMinutes(30));
}
