using System.CommandLine;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using Npgsql;

namespace GridMap.Server;

/// <summary>What the program does from a command line, apart from the features' own commands.</summary>
public static class Commands
{
    public static Command Serve(string[] args)
    {
        var command = new Command("serve", "Run the server (what happens without a command).") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((_, cancellation) => Host.Run(args.Where(arg => arg != "serve").ToArray(), cancellation));
        return command;
    }

    public static Command Migrate()
    {
        var command = new Command("migrate", "Bring the database up to this program and fill the catalogues.");
        command.SetAction((_, cancellation) => WithDatabase(async source =>
        {
            var applied = await Migrations.Apply(source, Console.WriteLine, cancellation);
            await Catalogues.Load(source, cancellation);
            Console.WriteLine(applied.Count == 0 ? "database is current" : $"database is current: {applied.Count} migrations applied");
        }));
        return command;
    }

    public static Command Key()
    {
        var name = new Option<string>("--name") { Required = true, Description = "Whose key it is." };
        var role = new Option<Role>("--role") { Required = true, Description = "reader, reporter, operator, planner or administrator." };
        var create = new Command("create", "Make a key and print it, this once.") { name, role };
        create.SetAction((parsed, cancellation) => WithDatabase(async source =>
        {
            var wanted = parsed.GetValue(role);
            if (wanted == Role.None) throw new Http.Refused(Http.Problems.InvalidRequest, "The role must be one of reader, reporter, operator, planner, administrator.");
            var (_, key) = await ApiKeys.Create(new Database(source), parsed.GetValue(name)!, wanted, null, null, "command line", cancellation);
            Console.WriteLine(key);
        }));
        return new Command("key", "API keys.") { create };
    }

    /// <summary>Runs a command on the database that GRIDMAP_DB names; what goes wrong is said in one line, with exit code 1.</summary>
    public static async Task<int> WithDatabase(Func<NpgsqlDataSource, Task> work)
    {
        try
        {
            await using var source = NpgsqlDataSource.Create(DatabaseAddress.Read(Environment.GetEnvironmentVariable(DatabaseAddress.Variable)
                ?? throw new InvalidAddressException("the variable is not set")));
            await work(source);
            return 0;
        }
        catch (Exception exception) when (exception is InvalidAddressException or NpgsqlException or Http.Refused or InvalidOperationException or InvalidDataException or IOException)
        {
            await Console.Error.WriteLineAsync($"gridmap: {exception.Message}");
            return 1;
        }
    }
}
