using Npgsql;
using NpgsqlTypes;

namespace GridMap.Server.SampleCities;

/// <summary>One row of a binary COPY, value by value in the order of the columns.</summary>
internal sealed class CopyRow(NpgsqlBinaryImporter importer)
{
    public CopyRow Text(string? value)
    {
        if (value is null) importer.WriteNull();
        else importer.Write(value, NpgsqlDbType.Text);
        return this;
    }

    public CopyRow Long(long? value)
    {
        if (value is null) importer.WriteNull();
        else importer.Write(value.Value, NpgsqlDbType.Bigint);
        return this;
    }

    public CopyRow Int(int? value)
    {
        if (value is null) importer.WriteNull();
        else importer.Write(value.Value, NpgsqlDbType.Integer);
        return this;
    }

    public CopyRow Double(double value)
    {
        importer.Write(value, NpgsqlDbType.Double);
        return this;
    }

    public CopyRow Flag(bool value)
    {
        importer.Write(value, NpgsqlDbType.Boolean);
        return this;
    }

    public CopyRow Date(DateOnly value)
    {
        importer.Write(value, NpgsqlDbType.Date);
        return this;
    }

    public CopyRow At(DateTimeOffset? value)
    {
        if (value is null) importer.WriteNull();
        else importer.Write(value.Value.UtcDateTime, NpgsqlDbType.TimestampTz);
        return this;
    }

    /// <summary>The start of a period; null is written as -infinity.</summary>
    public CopyRow From(DateTimeOffset? value)
    {
        importer.Write(value?.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), NpgsqlDbType.TimestampTz);
        return this;
    }

    /// <summary>The end of a period; null is written as infinity.</summary>
    public CopyRow Until(DateTimeOffset? value)
    {
        importer.Write(value?.UtcDateTime ?? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc), NpgsqlDbType.TimestampTz);
        return this;
    }

    // COPY does not ask for the type: the bytes of a geometry are its EWKB.
    public void Shape(byte[] ewkb) => importer.Write(ewkb, NpgsqlDbType.Bytea);
}

internal static class Copying
{
    private const int RowsBetweenReports = 100_000;

    /// <summary>Writes rows into a table by binary COPY; says how far it is.</summary>
    public static async Task Copy<T>(this NpgsqlConnection connection, string table, string columns, IEnumerable<T> items, Action<CopyRow, T> write,
        Action<string> say, CancellationToken cancellation)
    {
        var count = 0;
        await using (var importer = await connection.BeginBinaryImportAsync($"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)", cancellation))
        {
            importer.Timeout = TimeSpan.FromHours(2);
            var row = new CopyRow(importer);
            foreach (var item in items)
            {
                await importer.StartRowAsync(cancellation);
                write(row, item);
                if (++count % RowsBetweenReports == 0) say($"  {table}: {count:N0}");
            }
            await importer.CompleteAsync(cancellation);
        }
        say($"  {table}: {count:N0} rows");
    }
}
