namespace GridMap.Server.Http;

/// <summary>Marks a question as a process of OGC API – Processes: its inputs are its query parameters, its output is its answer.</summary>
/// <param name="Check">Reads the question as far as that is quickly done, and refuses what its handler would: see <see cref="ProcessEndpointMarks.IsProcess"/>.</param>
public sealed record ProcessOf(string Id, string Title, string TitleZh, string SummaryZh, Func<HttpContext, CancellationToken, Task> Check);

public static class ProcessEndpointMarks
{
    /// <param name="read">
    /// The handler's own reading of the question: codes that are in a catalogue, an area that there is, a walk that is not too long. It runs before a job is made, so that nobody waits for one
    /// that must fail.
    /// </param>
    public static RouteHandlerBuilder IsProcess(this RouteHandlerBuilder endpoint, string id, string title, string titleZh, string summaryZh, Func<HttpContext, CancellationToken, Task> read) =>
        endpoint.WithMetadata(new ProcessOf(id, title, titleZh, summaryZh, read));

    /// <summary>A service of the request.</summary>
    public static T Service<T>(this HttpContext http) where T : notnull => http.RequestServices.GetRequiredService<T>();
}
