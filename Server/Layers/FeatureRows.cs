using System.Security.Cryptography;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Npgsql;

namespace GridMap.Server.Layers;

/// <summary>Writes features of layers that are one table. Triggers tidy the geometry and derive what is derived; constraints have the last word.</summary>
public static class FeatureRows
{
    public static async Task<IReadOnlyList<long>> Insert(WriteContext context, Layer layer, IReadOnlyList<FeatureDraft> drafts)
    {
        var ids = new List<long>(drafts.Count);
        foreach (var draft in drafts)
        {
            var (columns, values) = (Sql.Of($"geom"), GeometryOf(layer, draft));
            foreach (var property in layer.Writes!.Properties)
            {
                columns.AppendLiteral($", {property.Column}");
                values.AppendLiteral(", ");
                values.AppendFormatted(ValueOf(property, draft));
            }
            var id = await Guarded(layer, draft, async () => await context.Connection.Scalar<long>(
                Sql.Of($"INSERT INTO {Sql.Trusted(layer.Table)} ({columns}) VALUES ({values}) RETURNING id"), context.Cancellation));
            await CheckArea(context, layer, id);
            ids.Add(id);
        }
        return ids;
    }

    /// <param name="whole">Whether everything that was not sent goes back to its default (PUT), or stays (PATCH).</param>
    public static async Task Update(WriteContext context, Layer layer, long id, FeatureDraft draft, bool whole)
    {
        var set = new List<Sql>();
        if (draft.Geometry is not null) set.Add(Sql.Of($"geom = {GeometryOf(layer, draft)}"));
        foreach (var property in layer.Writes!.Properties.Where(property => whole ? !property.IsCode || draft.Text(property.Name) is not null : draft.Values.ContainsKey(property.Name)))
            set.Add(Sql.Of($"{Sql.Trusted(property.Column)} = {ValueOf(property, draft)}"));
        if (set.Count == 0) return;
        var all = set[0];
        foreach (var one in set.Skip(1)) all = Sql.Of($"{all}, {one}");
        await Guarded(layer, draft, async () => await context.Connection.Execute(Sql.Of($"UPDATE {Sql.Trusted(layer.Table)} SET {all} WHERE id = {id}"), context.Cancellation));
        await CheckArea(context, layer, id);
    }

    public static Task<int> Delete(WriteContext context, Layer layer, long id) =>
        context.Connection.Execute(Sql.Of($"DELETE FROM {Sql.Trusted(layer.Table)} WHERE id = {id}"), context.Cancellation);

    /// <summary>Locks the feature until the transaction ends, so that of two writers the second sees what the first wrote.</summary>
    public static Task<bool> Lock(WriteContext context, Layer layer, long id) =>
        context.Connection.Scalar<bool>(Sql.Of($"SELECT true FROM {Sql.Trusted(layer.Table)} WHERE id = {id} FOR UPDATE"), context.Cancellation);

    /// <exception cref="Refused">The feature lies outside the area to which the key is limited.</exception>
    public static async Task CheckArea(WriteContext context, Layer layer, long id)
    {
        if (context.Caller.AreaId is not { } limit) return;
        if (layer.Writes!.AreaColumn is { } column)
        {
            var area = await context.Connection.Scalar<long?>(Sql.Of($"SELECT {Sql.Trusted(column)} FROM {Sql.Trusted(layer.Table)} WHERE id = {id}"), context.Cancellation);
            await AreaScope.Check(context.Connection, context.Caller, area, context.Cancellation);
        }
        else if (!await context.Connection.Scalar<bool>(Sql.Of($"SELECT ST_CoveredBy(t.geom, areas.geom) FROM {Sql.Trusted(layer.Table)} AS t, areas WHERE t.id = {id} AND areas.id = {limit}"), context.Cancellation))
        {
            throw new Refused(Problems.OutsideArea, $"The key {context.Caller.Name} may only write inside its own area.");
        }
    }

    /// <summary>A name for what a feature is right now: equal for equal content, on every server.</summary>
    public static string Tag(ReadOnlySpan<byte> feature) => Convert.ToHexStringLower(SHA256.HashData(feature).AsSpan(0, 10));

    private static Sql GeometryOf(Layer layer, FeatureDraft draft)
    {
        var geometry = Sql.Of($"ST_GeomFromWKB({Wkb.Write(draft.Geometry!)}, 4326)");
        return layer.Geometry == "polygon" ? Sql.Of($"ST_Multi({geometry})") : geometry;
    }

    private static Sql ValueOf(WritableProperty property, FeatureDraft draft)
    {
        draft.Values.TryGetValue(property.Name, out var value);
        if (value is not null) return Sql.Of($"{value}");
        return property.IsCode ? Sql.Of($"{"new-" + Guid.NewGuid().ToString("N")[..12]}") : Sql.Trusted("DEFAULT");
    }

    // What the database's own rules refuse is the sender's content, not the server's failure.
    private static async Task<T> Guarded<T>(Layer layer, FeatureDraft draft, Func<Task<T>> write)
    {
        try
        {
            return await write();
        }
        catch (PostgresException broken) when (broken.SqlState is PostgresErrorCodes.CheckViolation or PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.NotNullViolation or ['2', '2', ..])
        {
            var rule = broken.ConstraintName ?? broken.ColumnName ?? "value";
            throw new Refused(Problems.Unprocessable, $"The rule {rule} does not allow it.", [Broken(layer, draft, rule)]);
        }
        catch (PostgresException taken) when (taken is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: { } rule })
        {
            throw new Refused(Problems.Conflict, $"The rule {rule} does not allow it.", [Problems.TakenField(Broken(layer, draft, taken.ConstraintName!).Field)]);
        }
    }

    // Rules are named by their table, the column they are about, and what they ask of it.
    private static FieldError Broken(Layer layer, FeatureDraft draft, string rule)
    {
        if (rule.StartsWith($"{layer.Table}_geom", StringComparison.Ordinal)) return new($"{draft.Path}geometry", "database.rule", $"a geometry that the rule {rule} allows");
        var property = layer.Writes!.Properties.Where(known => rule == known.Column || rule.StartsWith($"{layer.Table}_{(known.Column.EndsWith("_id", StringComparison.Ordinal) ? known.Column[..^3] : known.Column)}_", StringComparison.Ordinal))
            .MaxBy(known => known.Column.Length);
        if (property is null) return new($"{draft.Path}properties", "database.rule", $"content that the rule {rule} allows");
        return property.Catalogue is { } catalogue
            ? new($"{draft.Path}properties.{property.Name}", "code.unknown", $"a code of /api/catalogues/{catalogue}")
            : new($"{draft.Path}properties.{property.Name}", "database.rule", rule.EndsWith("_fk", StringComparison.Ordinal) ? "the id of one that there is" : $"a value that the rule {rule} allows");
    }
}
