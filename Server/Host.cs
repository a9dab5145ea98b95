using System.Reflection;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Npgsql;

namespace GridMap.Server;

/// <summary>Builds and runs the web server: services, the pipeline, one line for each feature.</summary>
public static class Host
{
    // The build makes the contract by starting the program; there is no database then.
    private static readonly bool OnlyMakesContract = Assembly.GetEntryAssembly()?.GetName().Name == "GetDocument.Insider";

    public static async Task<int> Run(string[] args, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory, WebRootPath = WebRoot() });
        Logging(builder);
        Services(builder);
        await using var app = builder.Build();
        Pipeline(app);
        Features.Map(app);
        _ = app.Services.GetRequiredService<Health.Metrics>(); // it counts from the first request on, not from the first look at it
        _ = app.Services.GetRequiredService<Layers.GridLookups>(); // it is made when the boundaries are, not when the first asks
        if (!OnlyMakesContract)
        {
            try
            {
                await Prepare(app.Services, cancellation);
            }
            catch (Exception exception) when (exception is InvalidAddressException or NpgsqlException or InvalidOperationException)
            {
                await Console.Error.WriteLineAsync($"gridmap: {exception.Message}");
                return 1;
            }
        }
        await app.RunAsync(cancellation);
        return 0;
    }

    private static void Services(WebApplicationBuilder builder)
    {
        var listen = builder.Configuration["GRIDMAP_LISTEN"] ?? "127.0.0.1";
        var port = builder.Configuration["PORT"] ?? "5080";
        if (builder.Configuration["urls"] is null) builder.WebHost.UseUrls($"http://{listen}:{port}");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Body.MaxBytes;
            RequestHead.Limit(kestrel.Limits);
        });
        var services = builder.Services;
        services.AddSingleton(provider => NpgsqlDataSource.Create(DatabaseAddress.Read(
            provider.GetRequiredService<IConfiguration>()[DatabaseAddress.Variable]
            ?? (OnlyMakesContract ? "postgresql://127.0.0.1/never-opened" : throw new InvalidAddressException("the variable is not set")))));
        services.AddSingleton<Database>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<CityClock>();
        services.AddSingleton<PublicAddress>();
        // Any page may ask; no cookie goes along, so it can do no more than its own visitor with a key of his own.
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.AllowAnyOrigin().AllowAnyHeader().AllowAnyMethod().SetPreflightMaxAge(TimeSpan.FromHours(1)).WithExposedHeaders(
            "Content-Crs", "ETag", "Link", "Location", "Preference-Applied", "Retry-After", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-GridMap-Coord", "X-GridMap-Bbox", "X-GridMap-Max", "X-GridMap-Count")));
        services.ConfigureHttpJsonOptions(json => JsonContract.Configure(json.SerializerOptions));
        services.AddOpenApi(Contract.DocumentName, Contract.Configure);
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true; // no secret is ever mixed with what a stranger chose in one answer
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, "application/geo+json", "application/gml+xml", "application/problem+json", "application/vnd.mapbox-vector-tile",
                "application/vnd.oai.openapi+json", "image/svg+xml"];
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = System.IO.Compression.CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = System.IO.Compression.CompressionLevel.Fastest);
        Features.AddServices(services);
    }

    private static void Pipeline(WebApplication app)
    {
        app.UseResponseCompression();
        app.UseMiddleware<ProblemResponses>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<HeadIsGet>();
        app.UseRouting();
        app.UseMiddleware<Preflights>();
        app.UseCors(); // before anything that refuses, so that pages of other origins can read why
        app.UseMiddleware<RequestHead>();
        app.UseMiddleware<RateLimit>();
        app.UseMiddleware<BodyCoding>();
        // Behind routing: they leave alone what an endpoint answers, and do not look for a file of its name.
        app.UseDefaultFiles();
        app.UseStaticFiles(SecurityHeaders.StaticFiles);
        app.UseMiddleware<OptionsEverywhere>();
        app.UseMiddleware<Authentication>();
        app.UseMiddleware<Layers.WrittenIsSeen>();
        app.MapOpenApi("/api/openapi.json").Reads();
    }

    // Beside the program where it is installed; in the source tree three folders up from the build's output.
    private static string? WebRoot()
    {
        string[] candidates = [Path.Combine(AppContext.BaseDirectory, "wwwroot"), Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../wwwroot"))];
        return candidates.FirstOrDefault(Directory.Exists);
    }

    private static void Logging(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        if (builder.Configuration["GRIDMAP_LOG"] == "json") builder.Logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        else builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat, console.UseUtcTimestamp) = (true, "HH:mm:ss ", true));
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None); // what fails is logged by ProblemResponses; a scope and an activity for every request cost more than many answers
        builder.Logging.AddFilter("Microsoft.AspNetCore.StaticFiles", LogLevel.Error); // an API without a client is a fair way to run
    }

    private static async Task Prepare(IServiceProvider services, CancellationToken cancellation)
    {
        var source = services.GetRequiredService<NpgsqlDataSource>();
        await Migrations.Apply(source, Console.WriteLine, cancellation);
        await Catalogues.Load(source, cancellation);
        // A wrong setting is said now, not to the first visitor.
        Cities.Basemaps.Configured(services.GetRequiredService<IConfiguration>());
        Layers.FilterTime.Read(services.GetRequiredService<IConfiguration>());
        var database = services.GetRequiredService<Database>();
        if (await database.Scalar<bool>($"SELECT EXISTS (SELECT FROM api_keys WHERE role = 'administrator')", cancellation)) return;
        var (_, key) = await ApiKeys.Create(database, "administrator", Role.Administrator, null, null, "first run", cancellation);
        Console.WriteLine($"administrator's key, shown this once: {key}");
    }
}
