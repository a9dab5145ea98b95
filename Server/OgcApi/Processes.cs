using GridMap.Server.Access;
using GridMap.Server.Http;
using GridMap.Server.Jobs;
using GridMap.Server.Layers;
using GridMap.Server.Results;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace GridMap.Server.OgcApi;

/// <summary>A question of the server's as a process: it is run by its own endpoint, with the same reading of its parameters and the same refusals.</summary>
public sealed class Process(RouteEndpoint endpoint)
{
    public string Id => Mark.Id;

    public ProcessOf Mark { get; } = endpoint.Metadata.GetRequiredMetadata<ProcessOf>();

    public IReadOnlyList<Parameter> Inputs => endpoint.Metadata.GetRequiredMetadata<Takes>().Parameters;

    /// <summary>The input that chooses the format of the answer; null where there is JSON alone.</summary>
    public Parameter? Format => Inputs.FirstOrDefault(input => input.Makes is not null);

    public string Summary => endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary ?? Mark.Title;

    /// <summary>Reads the question as its endpoint will, so that nobody waits for a job that cannot begin.</summary>
    /// <exception cref="Refused">An input is missing, repeated or unreadable, or names what is not there.</exception>
    public async Task Check(ProcessHost host, string query, CancellationToken cancellation)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var http = Asking(host, scope.ServiceProvider, query, cancellation);
        var ask = Question.Of(http);
        if (Inputs.Contains(TiledQuestions.TileParameter)) TiledQuestions.Check(ask);
        await Named(() => Mark.Check(http, cancellation));
    }

    /// <summary>Answers the question under <paramref name="query"/>; stopping it stops its SQL. An endpoint that can say how far it is finds <paramref name="progress"/> among the request's features.</summary>
    public async Task<JobResult> Run(ProcessHost host, string query, IProgress<double>? progress, CancellationToken cancellation)
    {
        await using var scope = host.Services.CreateAsyncScope();
        using var body = new MemoryStream();
        var http = Asking(host, scope.ServiceProvider, query, cancellation);
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        if (progress is not null) http.Features.Set(progress);
        await Named(() => endpoint.RequestDelegate!(http));
        await http.Response.BodyWriter.FlushAsync(cancellation);
        // Only a tile can be nothing at all, and as bytes it is one.
        return new JobResult(http.Response.ContentType ?? (body.Length == 0 ? MadeTile.MediaType : Links.Json), body.ToArray());
    }

    // The address of a process is there: a thing that an input names and that is not is a wrong input, no 404.
    private async Task Named(Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (Refused missing) when (missing.Errors is null && Inputs.FirstOrDefault(input => missing.Code == $"{input.Name}.not-found") is { } input)
        {
            throw Refused.Field(input.Name, missing.Code, $"the id of a {input.Name} that there is");
        }
    }

    private DefaultHttpContext Asking(ProcessHost host, IServiceProvider services, string query, CancellationToken cancellation)
    {
        var http = new DefaultHttpContext { RequestServices = services, RequestAborted = cancellation };
        (http.Request.Method, http.Request.Scheme, http.Request.Host, http.Request.PathBase) = ("GET", host.Scheme, host.Host, host.Base);
        (http.Request.Path, http.Request.QueryString) = ("/" + endpoint.RoutePattern.RawText!.TrimStart('/'), new QueryString(query));
        if (host.Caller is { } caller) http.Features.Set(caller);
        http.SetEndpoint(endpoint);
        return http;
    }
}

/// <summary>The services of the whole server, for work that outlives its request.</summary>
public sealed record ProcessServices(IServiceProvider Provider);

/// <summary>What a process is run with: services that last as long as it does, how the server was reached, for the addresses in its answer, and by whom: who is signed in is told more.</summary>
/// <param name="Caller">Null without a key.</param>
public sealed record ProcessHost(IServiceProvider Services, string Scheme, HostString Host, PathString Base, Caller? Caller)
{
    public static ProcessHost Of(HttpContext http, ProcessServices root) => new(root.Provider, http.Request.Scheme, http.Request.Host, http.Request.PathBase, http.Features.Get<Caller>());
}

/// <summary>Every question that is marked as a process.</summary>
public sealed class ProcessCatalog(EndpointDataSource endpoints)
{
    private readonly Lazy<IReadOnlyList<Process>> _all = new(() =>
        [.. endpoints.Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<ProcessOf>() is not null).Select(endpoint => new Process(endpoint)).OrderBy(process => process.Id)]);

    public IReadOnlyList<Process> All => _all.Value;

    public Process Find(string id) => All.FirstOrDefault(process => process.Id == id) ?? throw Refused.NotFound("process", id);
}
