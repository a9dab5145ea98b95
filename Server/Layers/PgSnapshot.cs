using System.Globalization;

namespace GridMap.Server.Layers;

/// <summary>
/// A PostgreSQL snapshot (<c>xmin:xmax:xip,…</c>): which transactions had been committed at a moment. It is the only position in a log of
/// concurrent writers behind which nothing can appear later.
/// </summary>
public sealed record PgSnapshot(ulong Xmin, ulong Xmax, ulong[] Running)
{
    /// <summary>The same rule as <c>pg_visible_in_snapshot</c>, for a transaction that has committed.</summary>
    public bool Sees(ulong xid) => xid < Xmin || (xid < Xmax && !Running.Contains(xid));

    public override string ToString() => $"{Xmin}:{Xmax}:{string.Join(',', Running)}";

    /// <summary>What PostgreSQL itself has written.</summary>
    public static PgSnapshot Parse(string? text) =>
        text is not null && TryParse(text, out var snapshot) ? snapshot : throw new InvalidOperationException($"Not a snapshot: {text}");

    public static bool TryParse(string text, out PgSnapshot snapshot)
    {
        snapshot = new PgSnapshot(0, 0, []);
        var parts = text.Split(':');
        if (parts.Length != 3 || !Number(parts[0], out var xmin) || !Number(parts[1], out var xmax) || xmin > xmax || xmin == 0) return false;
        var names = parts[2].Length == 0 ? [] : parts[2].Split(',');
        if (names.Length > 2000) return false;
        var running = new ulong[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            // PostgreSQL reads only lists in order, without repeats and within the bounds.
            if (!Number(names[i], out running[i]) || running[i] < xmin || running[i] >= xmax || (i > 0 && running[i] <= running[i - 1])) return false;
        }
        snapshot = new PgSnapshot(xmin, xmax, running);
        return true;
    }

    private static bool Number(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < long.MaxValue;
}

/// <summary>
/// Where a follower of the change log stands: behind everything that <see cref="Start"/> sees, and inside the batch up to <see cref="End"/> behind <see cref="Seq"/>.
/// Between batches the two are one.
/// </summary>
public sealed record ChangePosition(PgSnapshot Start, PgSnapshot? End, long Seq)
{
    public override string ToString() => End is null ? Start.ToString() : $"{Start}~{End}~{Seq}";

    public static bool TryParse(string text, out ChangePosition position)
    {
        position = new ChangePosition(new PgSnapshot(1, 1, []), null, 0);
        if (text.Length > 50_000) return false;
        var parts = text.Split('~');
        if (!PgSnapshot.TryParse(parts[0], out var start)) return false;
        if (parts.Length == 1)
        {
            position = new ChangePosition(start, null, 0);
            return true;
        }
        if (parts.Length != 3 || !PgSnapshot.TryParse(parts[1], out var end) || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var seq)) return false;
        position = new ChangePosition(start, end, seq);
        return true;
    }
}
