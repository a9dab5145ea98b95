using Npgsql;

namespace GridMap.Server.Databases;

/// <summary>Where the database is: read from a <c>postgresql://</c> URL or from Npgsql's own <c>Host=…;Database=…</c> form.</summary>
public static class DatabaseAddress
{
    public const string Variable = "GRIDMAP_DB";

    /// <summary>As many as a few people's questions need at a time.</summary>
    public const int KeptConnections = 8;

    /// <exception cref="InvalidAddressException">The text is neither form; the message names what is wrong and never the password.</exception>
    public static NpgsqlConnectionStringBuilder Read(string text)
    {
        var builder = text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal)
            ? FromUrl(text)
            : FromKeywords(text);
        if (string.IsNullOrEmpty(builder.Host)) builder.Host = "127.0.0.1";
        if (string.IsNullOrEmpty(builder.Database)) throw new InvalidAddressException("it names no database");
        builder.ApplicationName ??= "gridmap";
        // Compiling a plan takes seconds where a misjudged spatial join looks expensive, and never pays for questions of milliseconds.
        if (string.IsNullOrEmpty(builder.Options)) builder.Options = "-c jit=off";
        // Opened connections stay: a new one has to load PostGIS and to plan everything anew, which whoever asks first would wait for.
        builder.MinPoolSize = Math.Min(Math.Max(builder.MinPoolSize, KeptConnections), builder.MaxPoolSize);
        builder.MaxAutoPrepare = 200;
        builder.AutoPrepareMinUsages = 2;
        builder.Timeout = 10;
        builder.CommandTimeout = 60;
        return builder;
    }

    /// <summary>The address in libpq's keyword form, for ogr2ogr and psql. It holds the password: hand it over in the environment, not in a log.</summary>
    public static string ToLibpq(NpgsqlConnectionStringBuilder address)
    {
        var words = new List<string> { Word("host", address.Host), Word("port", address.Port.ToString()), Word("dbname", address.Database) };
        if (!string.IsNullOrEmpty(address.Username)) words.Add(Word("user", address.Username));
        if (!string.IsNullOrEmpty(address.Password)) words.Add(Word("password", address.Password));
        return string.Join(' ', words);

        static string Word(string key, string? value) =>
            $"{key}='{(value ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
    }

    private static NpgsqlConnectionStringBuilder FromUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)) throw new InvalidAddressException("the URL cannot be read");
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = url.Host.Trim('[', ']'),
            Port = url.Port > 0 ? url.Port : 5432,
            Database = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')),
        };
        var user = url.UserInfo.Split(':', 2);
        if (user[0].Length > 0) builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) builder.Password = Uri.UnescapeDataString(user[1]);
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = pair.Split('=', 2) is [var k, var v] ? (k, Uri.UnescapeDataString(v)) : (pair, "");
            switch (key)
            {
                case "sslmode": builder.SslMode = SslModeOf(value); break;
                case "host": builder.Host = value; break;
                case "application_name": builder.ApplicationName = value; break;
                default: throw new InvalidAddressException($"the URL has an option that is not known: {key}");
            }
        }
        return builder;
    }

    private static NpgsqlConnectionStringBuilder FromKeywords(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text);
        }
        catch (ArgumentException)
        {
            throw new InvalidAddressException("it is neither a postgresql:// URL nor 'Host=…;Database=…'");
        }
    }

    private static SslMode SslModeOf(string value) => value switch
    {
        "disable" => SslMode.Disable,
        "allow" => SslMode.Allow,
        "prefer" => SslMode.Prefer,
        "require" => SslMode.Require,
        "verify-ca" => SslMode.VerifyCA,
        "verify-full" => SslMode.VerifyFull,
        _ => throw new InvalidAddressException($"sslmode is not known: {value}"),
    };
}

public sealed class InvalidAddressException(string reason)
    : Exception($"The database address in {DatabaseAddress.Variable} cannot be used: {reason}.");
