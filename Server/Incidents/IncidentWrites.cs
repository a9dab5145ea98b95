using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Incidents;

/// <summary>Incidents as clients of the standards may write them: they report. What happens to an incident then is work with its own rules, done at /api/incidents.</summary>
internal static class IncidentWrites
{
    public static readonly LayerWrites Rules = new(Role.Reporter,
    [
        new("category", "category", ColumnKind.Text) { IsRequired = true, MostCharacters = 60 },
        new("title", "title", ColumnKind.Text),
        new("description", "description", ColumnKind.Text) { Title = ("Description", "情况描述"), MostCharacters = 4_000 },
        new("address", "address", ColumnKind.Text),
        new("severity", "severity", ColumnKind.Text) { Choices = ["low", "normal", "high", "urgent"] },
        new("source", "source", ColumnKind.Text) { Choices = ["grid-worker", "hotline", "public", "camera", "department", "import"] },
        new("reportedAt", "reported_at", ColumnKind.Time),
        new("dueAt", "due_at", ColumnKind.Time),
        new("outsideNumber", "outside_number", ColumnKind.Text) { Title = ("Number elsewhere", "外部编号"), MostCharacters = 100 },
        new("departmentId", "department_id", ColumnKind.Integer) { Least = 1, Most = long.MaxValue },
    ])
    { MayReplace = false, MayDelete = false, AreaColumn = "area_id", Create = Create };

    private static async Task<IReadOnlyList<long>> Create(WriteContext context, IReadOnlyList<FeatureDraft> drafts)
    {
        var wanted = drafts.Select(draft => new IncidentWanted(draft.Text("category")!, draft.Geometry!.Coordinate.X, draft.Geometry.Coordinate.Y, null, draft.Text("title"), draft.Text("description"),
            draft.Text("address"), draft.Text("severity"), draft.Text("source"), Time(draft, "reportedAt"), Time(draft, "dueAt"), draft.Text("outsideNumber"), draft.Whole("departmentId"))).ToList();
        var rows = IncidentIntake.Check(wanted, isBatch: wanted.Count > 1, await context.Clock.Zone(context.Cancellation), context.Clock.Now);
        await IncidentIntake.CheckReferences(context.Connection, rows, isBatch: wanted.Count > 1, context.Cancellation);
        var made = await IncidentQueries.Insert(context.Connection, rows, context.Caller.Name, null, null, context.Cancellation);
        foreach (var area in made.Select(row => row.AreaId).Distinct()) await AreaScope.Check(context.Connection, context.Caller, area, context.Cancellation);
        return [.. made.Select(row => row.Made.Id)];
    }

    private static string? Time(FeatureDraft draft, string name) => draft.Time(name)?.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ");
}
