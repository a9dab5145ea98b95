using Npgsql;

namespace GridMap.Server.Databases;

/// <summary>The pool. Every question is one <see cref="Sql"/>; every write is one transaction with a named actor.</summary>
public sealed class Database(NpgsqlDataSource source)
{
    public NpgsqlDataSource Source => source;

    public async ValueTask<NpgsqlConnection> Open(CancellationToken cancellation) => await source.OpenConnectionAsync(cancellation);

    public async Task<List<T>> Query<T>(Sql sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var connection = await Open(cancellation);
        return await connection.Query(sql, read, cancellation);
    }

    public async Task<T?> QueryOne<T>(Sql sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
    {
        await using var connection = await Open(cancellation);
        return await connection.QueryOne(sql, read, cancellation);
    }

    public async Task<T?> Scalar<T>(Sql sql, CancellationToken cancellation)
    {
        await using var connection = await Open(cancellation);
        return await connection.Scalar<T>(sql, cancellation);
    }

    public async Task<int> Execute(Sql sql, CancellationToken cancellation)
    {
        await using var connection = await Open(cancellation);
        return await connection.Execute(sql, cancellation);
    }

    /// <summary>Runs <paramref name="work"/> in one transaction whose changes are logged under <paramref name="actor"/>; an exception undoes it all.</summary>
    public async Task<T> Write<T>(string actor, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        await using var connection = await Open(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.Execute($"SELECT set_config('gridmap.actor', {actor}, true)", cancellation);
        var answer = await work(connection);
        await transaction.CommitAsync(cancellation);
        return answer;
    }
}

/// <summary>The four ways to run a <see cref="Sql"/>.</summary>
public static class Queries
{
    extension(NpgsqlConnection connection)
    {
        public async Task<List<T>> Query<T>(Sql sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
        {
            await using var command = sql.ToCommand(connection);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellation)) rows.Add(read(reader));
            return rows;
        }

        public async Task<T?> QueryOne<T>(Sql sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellation)
        {
            await using var command = sql.ToCommand(connection);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            return await reader.ReadAsync(cancellation) ? read(reader) : default;
        }

        public async Task<T?> Scalar<T>(Sql sql, CancellationToken cancellation)
        {
            await using var command = sql.ToCommand(connection);
            return await command.ExecuteScalarAsync(cancellation) is T value ? value : default;
        }

        public async Task<int> Execute(Sql sql, CancellationToken cancellation)
        {
            await using var command = sql.ToCommand(connection);
            return await command.ExecuteNonQueryAsync(cancellation);
        }
    }
}
