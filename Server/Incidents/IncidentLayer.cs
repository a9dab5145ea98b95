using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Incidents;

/// <summary>How incidents are published.</summary>
public static class IncidentLayer
{
    public static readonly Layer Layer = new("incidents", "incidents", "Incidents", "事件", "Incidents: cases at a place.")
    {
        From = "incidents AS t",
        TimeStart = "t.reported_at",
        Geometry = "point",
        CountBelowZoom = 15,
        IsSentLive = true,
        TileFilter = new LayerFilter(IncidentFilter.All, async (ask, database, clock, cancellation) =>
            (await IncidentFilter.Of(ask, database, clock, cancellation)).Where("t")),
        MinZoom = 9,
        Columns =
        [
            new("number", "t.number", ColumnKind.Text, InTiles: true),
            new("category", "t.category", ColumnKind.Text, InTiles: true),
            new("source", "t.source", ColumnKind.Text, Choices: ["grid-worker", "hotline", "public", "camera", "department", "import"]),
            new("status", "t.status", ColumnKind.Text, InTiles: true, Choices: ["reported", "accepted", "assigned", "in-progress", "solved", "closed", "rejected"]),
            new("severity", "t.severity", ColumnKind.Text, InTiles: true, Choices: ["low", "normal", "high", "urgent"]),
            new("title", "t.title", ColumnKind.Text, InTiles: true),
            new("address", "t.address", ColumnKind.Text),
            new("reportedAt", "t.reported_at", ColumnKind.Time, InTiles: true),
            new("dueAt", "t.due_at", ColumnKind.Time, InTiles: true),
            new("closedAt", "t.closed_at", ColumnKind.Time, InTiles: true),
            new("departmentId", "t.department_id", ColumnKind.Integer),
            new("gridId", "t.grid_id", ColumnKind.Integer),
            new("areaId", "t.area_id", ColumnKind.Integer),
        ],
    };
}
