using Npgsql;

namespace GridMap.Server.Databases;

/// <summary>How a row's values are read where they may be null.</summary>
public static class Rows
{
    public static string? TextOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? LongOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    public static int? IntOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    public static double? DoubleOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDouble(column);

    /// <summary>Four columns west, south, east, north in degrees, as they are kept: to 1e-7.</summary>
    public static double[]? BoxOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Enumerable.Range(column, 4).Select(at => Math.Round(reader.GetDouble(at), 7)).ToArray();

    /// <summary>A timestamptz; null for SQL null and for ±infinity (an open end).</summary>
    public static DateTime? TimeOrNull(this NpgsqlDataReader reader, int column)
    {
        if (reader.IsDBNull(column)) return null;
        var time = reader.GetDateTime(column);
        return time == DateTime.MaxValue || time == DateTime.MinValue ? null : DateTime.SpecifyKind(time, DateTimeKind.Utc);
    }
}
