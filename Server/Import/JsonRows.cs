using System.Text.Json;
using GridMap.Server.Databases;

namespace GridMap.Server.Import;

/// <summary>
/// Plain JSON as many services export it: a list of objects, which GDAL does not read. Nested objects become <c>outer.inner</c>; all values are text.
/// </summary>
internal static class JsonRows
{
    private const int MaximumColumns = 500;
    private const long MaximumBytes = 1L << 30;

    public static async Task<bool> IsList(string file, CancellationToken cancellation)
    {
        if (!Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase)) return false;
        using var reader = new StreamReader(file);
        var start = new char[4096];
        var length = await reader.ReadBlockAsync(start, cancellation);
        return new string(start, 0, length).TrimStart().StartsWith('[');
    }

    public static async Task<Dictionary<string, string>> Stage(
        string file, StagingSchema schema, string table, Database database, long maximumRows, string path, CancellationToken cancellation)
    {
        if (new FileInfo(file).Length > MaximumBytes) throw new ImportException(path, $"{Path.GetFileName(file)} is too large for a JSON list; turn it into CSV");
        var columns = new Dictionary<string, string>();
        var rows = new List<Dictionary<string, string?>>();
        await using (var stream = File.OpenRead(file))
        {
            try
            {
                await foreach (var item in JsonSerializer.DeserializeAsyncEnumerable<JsonElement>(stream, cancellationToken: cancellation))
                {
                    if (item.ValueKind != JsonValueKind.Object) throw new ImportException(path, $"{Path.GetFileName(file)}: entry {rows.Count + 1} is not an object");
                    if (rows.Count >= maximumRows) throw new ImportException(path, $"{Path.GetFileName(file)} has more than {maximumRows} rows (--max-rows)");
                    var row = new Dictionary<string, string?>();
                    Flatten(item, "", row);
                    foreach (var name in row.Keys) columns.TryAdd(name, $"c{columns.Count + 1}");
                    if (columns.Count > MaximumColumns) throw new ImportException(path, $"{Path.GetFileName(file)} has more than {MaximumColumns} fields");
                    rows.Add(row);
                }
            }
            catch (JsonException fault)
            {
                throw new ImportException(path, $"{Path.GetFileName(file)} is not JSON: line {fault.LineNumber + 1}");
            }
        }
        await using var connection = await database.Open(cancellation);
        var whole = Sql.Trusted($"{schema.Name}.{table}");
        var list = string.Concat(columns.Values.Select(column => $", {column} text"));
        await connection.Execute($"CREATE UNLOGGED TABLE {whole} (row__ bigint, geom__ geometry{Sql.Trusted(list)})", cancellation);
        await using (var writer = await connection.BeginTextImportAsync($"COPY {schema.Name}.{table} (row__{string.Concat(columns.Values.Select(column => ", " + column))}) FROM STDIN", cancellation))
        {
            for (var at = 0; at < rows.Count; at++)
            {
                await writer.WriteAsync((at + 1).ToString());
                foreach (var name in columns.Keys) await writer.WriteAsync("\t" + Escaped(rows[at].GetValueOrDefault(name)));
                await writer.WriteAsync('\n');
            }
        }
        return columns;
    }

    private static void Flatten(JsonElement value, string prefix, Dictionary<string, string?> row)
    {
        foreach (var property in value.EnumerateObject())
        {
            var name = prefix + property.Name;
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Object: Flatten(property.Value, name + ".", row); break;
                case JsonValueKind.Null: row[name] = null; break;
                case JsonValueKind.String: row[name] = property.Value.GetString(); break;
                default: row[name] = property.Value.GetRawText(); break;
            }
        }
    }

    private static string Escaped(string? value) => value is null ? "\\N" : value.Replace("\0", "", StringComparison.Ordinal)
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
}
