using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Incidents;

/// <summary>How incidents are published.</summary>
public static class IncidentLayer
{
    public static readonly Layer Layer = new("incidents", "incidents", "Incidents", "事件", "Incidents: cases at a place.")
    {
        DescriptionZh = "事件：发生在某地的案件。",
        From = "incidents AS t",
        TimeStart = "t.reported_at",
        OpenWhileNull = "closedAt",
        Geometry = "point",
        CountBelowZoom = 15,
        IsSentLive = true,
        TileFilter = new LayerFilter(IncidentFilter.All, async (ask, database, clock, cancellation) =>
            Tests(await IncidentFilter.Of(ask, database, clock, cancellation), clock.Now)),
        MinZoom = 9,
        Writes = IncidentWrites.Rules,
        Columns =
        [
            new("number", ("Number", "事件编号"), "t.number", ColumnKind.Text, InTiles: true),
            new("category", ("Category", "事件类别"), "t.category", ColumnKind.Text, InTiles: true),
            new("source", ("Source", "来源"), "t.source", ColumnKind.Text, Choices: ["grid-worker", "hotline", "public", "camera", "department", "import"]),
            new("status", ("Status", "状态"), "t.status", ColumnKind.Text, InTiles: true, Choices: ["reported", "accepted", "assigned", "in-progress", "solved", "closed", "rejected"]),
            new("severity", ("Severity", "紧急程度"), "t.severity", ColumnKind.Text, InTiles: true, Choices: ["low", "normal", "high", "urgent"]),
            new("title", ("Title", "标题"), "t.title", ColumnKind.Text, InTiles: true),
            new("address", ("Address", "地址"), "t.address", ColumnKind.Text),
            new("reportedAt", ("Reported at", "上报时间"), "t.reported_at", ColumnKind.Time, InTiles: true),
            new("dueAt", ("Due at", "办理时限"), "t.due_at", ColumnKind.Time, InTiles: true),
            new("closedAt", ("Closed at", "结案时间"), "t.closed_at", ColumnKind.Time, InTiles: true),
            new("departmentId", ("Department (id)", "责任部门编号"), "t.department_id", ColumnKind.Integer),
            new("gridId", ("Grid (id)", "网格编号"), "t.grid_id", ColumnKind.Integer),
            new("areaId", ("Area (id)", "行政区域编号"), "t.area_id", ColumnKind.Integer),
        ],
    };

    // The same as IncidentFilter.Where, said of published properties.
    private static List<PropertyTest> Tests(IncidentFilter filter, DateTime now)
    {
        var tests = new List<PropertyTest>();
        var (reportedAt, status, closedAt) = (Layer!.Column("reportedAt"), Layer.Column("status"), Layer.Column("closedAt"));
        if (filter.From is { } from) tests.Add(PropertyTest.Compare(reportedAt, TestKind.GreaterOrEqual, from));
        if (filter.To is { } to) tests.Add(PropertyTest.Compare(reportedAt, TestKind.Less, to));
        if (filter.Categories is { } categories) tests.Add(PropertyTest.In(Layer.Column("category"), categories));
        if (filter.Areas is { } areas) tests.Add(PropertyTest.In(Layer.Column("areaId"), areas));
        if (filter.Status is "open" or "overdue") tests.Add(PropertyTest.IsNull(closedAt));
        if (filter.Status == "overdue") tests.Add(PropertyTest.Compare(Layer.Column("dueAt"), TestKind.Less, now));
        if (filter.Status is not (null or "open" or "overdue")) tests.Add(PropertyTest.Equal(status, filter.Status));
        return tests;
    }
}
