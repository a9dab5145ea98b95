using System.Globalization;

namespace GridMap.Server.Tests.Layers;

/// <summary>Makes one condition about buildings twice: in CQL2 text, and in SQL written by other rules than the server's.</summary>
internal sealed class RandomFilter(Random random)
{
    private static readonly (string Cql, string Sql)[] Numbers = [("floors", "t.floors"), ("residents", "t.residents"), ("heightMetres", "t.height_metres"), ("compoundId", "t.compound_id"), ("gridId", "t.grid_id")];
    private static readonly (string Cql, string Sql)[] Texts = [("code", "t.code"), ("name", "t.name"), ("use", "t.use"), ("address", "t.address")];
    private static readonly string[] Words = ["B-0-0-1", "B-1-2-3", "office", "residential", "1号楼", "行政中心", "", "O'Hara", "%", "中心路1号"];
    private static readonly string[] Patterns = ["B-0%", "%-2-_", "%号楼", "r_sid%", "%", "B-\\%", "%'%"];

    public (string Cql, string Sql) Condition(int depth) => random.Next(depth > 0 ? 12 : 8) switch
    {
        0 or 1 => Compare(Number(depth), Number(depth)),
        2 => Compare(Text(), Text()),
        3 => Like(),
        4 => In(),
        5 => Between(depth),
        6 => Null(),
        7 => Spatial(),
        8 => Not(Condition(depth - 1)),
        9 or 10 => Join(depth),
        _ => Bracketed(Condition(depth - 1)),
    };

    private (string, string) Compare((string Cql, string Sql) left, (string Cql, string Sql) right)
    {
        var name = Any("=", "<>", "<", "<=", ">", ">=");
        return ($"{left.Cql} {name} {right.Cql}", $"({left.Sql} {name} {right.Sql})");
    }

    private (string Cql, string Sql) Number(int depth)
    {
        if (depth <= 0 || random.Next(3) > 0)
        {
            if (random.Next(2) == 0) return Any(Numbers);
            var literal = random.Next(3) == 0 ? (random.Next(-300, 300) / 10.0).ToString(CultureInfo.InvariantCulture) : random.Next(-5, 40).ToString(CultureInfo.InvariantCulture);
            return (literal, $"({literal})::float8");
        }
        var (a, b) = (Number(depth - 1), Number(depth - 1));
        return random.Next(6) switch
        {
            0 => ($"({a.Cql} + {b.Cql})", $"({a.Sql}::float8 + {b.Sql}::float8)"),
            1 => ($"({a.Cql} - {b.Cql})", $"({a.Sql}::float8 - {b.Sql}::float8)"),
            2 => ($"({a.Cql} * {b.Cql})", $"({a.Sql}::float8 * {b.Sql}::float8)"),
            3 => ($"({a.Cql} / {b.Cql})", $"({a.Sql}::float8 / nullif({b.Sql}::float8, 0))"),
            4 => ($"({a.Cql} div {b.Cql})", $"trunc({a.Sql}::float8 / nullif({b.Sql}::float8, 0))"),
            _ => ($"({a.Cql} ^ 2)", $"({a.Sql}::float8 * {a.Sql}::float8)"),
        };
    }

    private (string Cql, string Sql) Text()
    {
        if (random.Next(2) == 0) return Any(Texts);
        var word = Quoted(Any(Words));
        return (word, $"{word}::text");
    }

    private (string, string) Like()
    {
        var ((cql, sql), pattern, not) = (Any(Texts), Any(Patterns).Replace("'", "''", StringComparison.Ordinal), Any("", "NOT "));
        return ($"{cql} {not}LIKE '{pattern}'", $"({not}({sql} LIKE '{pattern}'))");
    }

    private (string, string) In()
    {
        var not = Any("", "NOT ");
        if (random.Next(2) == 0)
        {
            var ((cql, sql), words) = (Any(Texts), string.Join(", ", Enumerable.Range(0, random.Next(1, 4)).Select(_ => Quoted(Any(Words)))));
            return ($"{cql} {not}IN ({words})", $"({sql} {not}IN ({words}))");
        }
        var ((name, column), numbers) = (Any(Numbers), string.Join(", ", Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(0, 40))));
        return ($"{name} {not}IN ({numbers})", $"({column} {not}IN ({numbers}))");
    }

    private (string, string) Between(int depth)
    {
        var (value, least, most) = (Number(depth - 1), Number(0), Number(0));
        return ($"{value.Cql} BETWEEN {least.Cql} AND {most.Cql}", $"({value.Sql} >= {least.Sql} AND {value.Sql} <= {most.Sql})");
    }

    private (string, string) Null()
    {
        var ((cql, sql), not) = (random.Next(2) == 0 ? Any(Numbers) : Any(Texts), Any("", "NOT "));
        return ($"{cql} IS {not}NULL", $"({sql} IS {not}NULL)");
    }

    private (string, string) Spatial()
    {
        var (west, south, size) = (119.94 + (random.Next(30) / 1000.0), 31.77 + (random.Next(30) / 1000.0), random.Next(1, 15) / 1000.0);
        var (east, north) = (west + size, south + size);
        var numbers = string.Create(CultureInfo.InvariantCulture, $"{west:0.0000},{south:0.0000},{east:0.0000},{north:0.0000}");
        var function = Any(("S_INTERSECTS", "ST_Intersects"), ("S_WITHIN", "ST_Within"), ("S_TOUCHES", "ST_Touches"), ("S_OVERLAPS", "ST_Overlaps"));
        return ($"{function.Item1}(geometry, BBOX({numbers}))", $"{function.Item2}(t.geom, ST_MakeEnvelope({numbers}, 4326))");
    }

    private (string, string) Join(int depth)
    {
        var (a, b, c, and) = (Condition(depth - 1), Condition(depth - 1), Condition(depth - 1), random.Next(2) == 0);
        // Without brackets in CQL2: AND binds stronger there as it does here.
        return and ? ($"({a.Cql} OR {b.Cql} AND {c.Cql})", $"({a.Sql} OR ({b.Sql} AND {c.Sql}))") : ($"(({a.Cql}) AND ({b.Cql}) AND NOT ({c.Cql}))", $"({a.Sql} AND {b.Sql} AND (NOT {c.Sql}))");
    }

    private static (string, string) Not((string Cql, string Sql) inner) => ($"NOT ({inner.Cql})", $"(NOT {inner.Sql})");

    private static (string, string) Bracketed((string Cql, string Sql) inner) => ($"({inner.Cql})", inner.Sql);

    private static string Quoted(string word) => $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";

    private T Any<T>(params T[] choices) => choices[random.Next(choices.Length)];
}
