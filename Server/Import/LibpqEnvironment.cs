using Npgsql;

namespace GridMap.Server.Import;

/// <summary>The database's address as libpq's environment variables: a password on a command line could be read by every user of the machine.</summary>
internal static class LibpqEnvironment
{
    public static IEnumerable<(string Name, string Value)> Of(string connectionString)
    {
        var address = new NpgsqlConnectionStringBuilder(connectionString);
        yield return ("PGHOST", Hosts(address, part => part.Length > 0 ? part[0] : ""));
        yield return ("PGPORT", Hosts(address, part => part.Length > 1 ? part[1] : address.Port.ToString()));
        yield return ("PGDATABASE", address.Database ?? "");
        if (address.Username is { Length: > 0 } user) yield return ("PGUSER", user);
        if (address.Password is { Length: > 0 } password) yield return ("PGPASSWORD", password);
        yield return ("PGTARGETSESSIONATTRS", "read-write");
        yield return ("PGAPPNAME", "gridmap import");
        yield return ("PGSSLMODE", address.SslMode switch
        {
            SslMode.Disable => "disable",
            SslMode.Allow => "allow",
            SslMode.Require => "require",
            SslMode.VerifyCA => "verify-ca",
            SslMode.VerifyFull => "verify-full",
            _ => "prefer",
        });
    }

    // Npgsql writes several hosts as "a:5432,b:5433", libpq as two lists.
    private static string Hosts(NpgsqlConnectionStringBuilder address, Func<string[], string> part) =>
        string.Join(',', (address.Host ?? "127.0.0.1").Split(',').Select(host => part(host.StartsWith('/') ? [host] : host.Split(':'))));
}
