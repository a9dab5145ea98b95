using System.Text;
using System.Text.Json;

namespace GridMap.Server.Import;

/// <summary>A source row that was refused or repaired. <see cref="Row"/> counts from 1 in its file; 0 where a row is no file's.</summary>
public sealed record RowNote(string File, long Row, string? Key, string Reason);

public sealed record ReasonCount(string Reason, long Rows);

/// <summary>
/// What one step did. <see cref="Read"/> = <see cref="LeftOut"/> (by the step's conditions) + refused + written + unchanged + kept,
/// plus <see cref="ExtraParts"/> where one row became several.
/// </summary>
public sealed record StepReport(
    string Name, string Table, long Read, long LeftOut, long ExtraParts, long Inserted, long Updated, long Unchanged, long Kept, long Repaired, long Refused,
    long Vanished, IReadOnlyList<ReasonCount> RefusedByReason, IReadOnlyList<RowNote> RefusedRows, IReadOnlyList<RowNote> RepairedRows,
    IReadOnlyList<string> VanishedKeys, string Note, double Seconds)
{
    public static StepReport Skipped(string name, string table, string note) => new(name, table, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, [], [], [], [], note, 0);

    public override string ToString()
    {
        var text = new StringBuilder($"{Name} → {Table}: {Read:N0} read");
        foreach (var (count, word) in new[]
                 {
                     (Inserted, "inserted"), (Updated, "updated"), (Unchanged, "unchanged"), (Kept, "kept as they are"), (LeftOut, "left out by conditions"),
                     (ExtraParts, "extra parts"), (Repaired, "repaired"), (Refused, "refused"), (Vanished, "no longer in the source"),
                 })
        {
            if (count > 0) text.Append($", {count:N0} {word}");
        }
        if (Note.Length > 0) text.Append($" ({Note})");
        return text.Append($", {Seconds:0.0} s").ToString();
    }
}

public sealed record ImportReport(string Profile, string Source, bool DryRun, DateTime StartedAt, double Seconds, IReadOnlyList<StepReport> Steps)
{
    /// <summary>Refused and repaired rows listed in a report, over all steps; the counts are always whole.</summary>
    public const int ListedRows = 1000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public long Read => Steps.Sum(step => step.Read);

    public long Inserted => Steps.Sum(step => step.Inserted);

    public long Updated => Steps.Sum(step => step.Updated);

    public long Refused => Steps.Sum(step => step.Refused);

    public StepReport this[string step] => Steps.First(one => one.Name == step);

    /// <summary>Writes <paramref name="file"/> as JSON and the same for people beside it, as <c>.txt</c>.</summary>
    public async Task Write(string file, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(this, Json) + "\n", cancellation);
        await File.WriteAllTextAsync(Path.ChangeExtension(file, ".txt"), Text(), cancellation);
    }

    public string Text()
    {
        var text = new StringBuilder();
        text.AppendLine($"Import of {Source} with the profile {Profile}{(DryRun ? " (dry run: nothing was kept)" : "")}, {StartedAt:yyyy-MM-dd HH:mm:ss}Z, {Seconds:0.0} s");
        foreach (var step in Steps)
        {
            text.AppendLine(step.ToString());
            foreach (var reason in step.RefusedByReason) text.AppendLine($"    refused {reason.Rows:N0}: {reason.Reason}");
            foreach (var row in step.RefusedRows) text.AppendLine($"    refused: {row.File} row {row.Row}{(row.Key is null ? "" : $" ({row.Key})")}: {row.Reason}");
            foreach (var row in step.RepairedRows) text.AppendLine($"    repaired: {row.File} row {row.Row}{(row.Key is null ? "" : $" ({row.Key})")}: {row.Reason}");
            if (step.VanishedKeys.Count > 0) text.AppendLine($"    no longer in the source, left as they are: {string.Join(", ", step.VanishedKeys)}");
        }
        return text.ToString();
    }
}
