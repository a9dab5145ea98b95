namespace GridMap.Server.Http;

/// <summary>Marks a question as a process of OGC API – Processes: its inputs are its query parameters, its output is its answer.</summary>
public sealed record ProcessOf(string Id, string Title, string TitleZh, string SummaryZh);

public static class ProcessEndpointMarks
{
    public static RouteHandlerBuilder IsProcess(this RouteHandlerBuilder endpoint, string id, string title, string titleZh, string summaryZh) =>
        endpoint.WithMetadata(new ProcessOf(id, title, titleZh, summaryZh));
}
