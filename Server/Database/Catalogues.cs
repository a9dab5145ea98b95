using CsvHelper;
using Npgsql;

namespace GridMap.Server.Databases;

/// <summary>
/// Brings <c>data/catalogues/*.csv</c> into <c>catalogue_entries</c> at every start: entries are added and renamed, never removed,
/// because old incidents and facilities name them. <c>name.csv</c> is the core, <c>name.profile.csv</c> a city's own addition.
/// </summary>
public static class Catalogues
{
    private sealed record Entry(string Code, string Name, string NameEn, string ParentCode, string Source, string Confidence);

    public static async Task Load(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var (file, text) in EmbeddedFiles.In("catalogues"))
        {
            var words = Path.GetFileNameWithoutExtension(file).Split('.', 2);
            await Load(connection, words[0], words.Length > 1 ? words[1] : "core", text, cancellation);
        }
        await transaction.CommitAsync(cancellation);
    }

    private static async Task Load(NpgsqlConnection connection, string catalogue, string profile, string text, CancellationToken cancellation)
    {
        var entries = Read(catalogue, text);
        await connection.Execute($"""
            INSERT INTO catalogue_entries (catalogue, code, name, name_en, parent_code, source, confidence, profile, position)
            SELECT {catalogue}, code, name, name_en, nullif(parent_code, ''), source, confidence, {profile}, position
            FROM unnest({Column(entry => entry.Code)}, {Column(entry => entry.Name)}, {Column(entry => entry.NameEn)}, {Column(entry => entry.ParentCode)},
                        {Column(entry => entry.Source)}, {Column(entry => entry.Confidence)})
                 WITH ORDINALITY AS entry (code, name, name_en, parent_code, source, confidence, position)
            ON CONFLICT (catalogue, code) DO UPDATE
            SET name = EXCLUDED.name, name_en = EXCLUDED.name_en, parent_code = EXCLUDED.parent_code, source = EXCLUDED.source,
                confidence = EXCLUDED.confidence, profile = EXCLUDED.profile, position = EXCLUDED.position
            """, cancellation);

        string[] Column(Func<Entry, string> value) => entries.Select(value).ToArray();
    }

    private static List<Entry> Read(string catalogue, string text)
    {
        using var csv = CsvReader.FromText(text);
        var entries = new List<Entry>();
        while (csv.Read())
        {
            entries.Add(new Entry(Required("code"), Required("name"), Required("name_en"), csv.GetString("parent_code"),
                Required("source"), Required("confidence")));
        }
        return entries;

        string Required(string column) => csv.GetString(column) is { Length: > 0 } value ? value
            : throw new InvalidDataException($"Catalogue {catalogue}, row {csv.RowNumber}: {column} is empty.");
    }
}
