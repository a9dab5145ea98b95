using System.Net.Http.Headers;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Layers;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace GridMap.Server.Tests;

/// <summary>
/// The real server on a real port over a scratch database, one for a test class (<c>IClassFixture&lt;GridMapServer&gt;</c>):
/// one HTTP client for each role.
/// </summary>
public sealed class GridMapServer : IAsyncLifetime
{
    private readonly Dictionary<Role, HttpClient> _clients = [];
    private Factory? _factory;

    public ScratchDatabase Scratch { get; } = new();

    public Database Database => Scratch.Database;

    public Uri Address { get; private set; } = null!;

    /// <summary>Without a key.</summary>
    public HttpClient Anyone { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Scratch.InitializeAsync();
        if (ScratchDatabase.ReasonToSkip is not null) return;
        _factory = new Factory(Scratch.Address);
        _factory.UseKestrel(0);
        _factory.StartServer();
        Address = _factory.ClientOptions.BaseAddress;
        Anyone = MakeClient(null);
        Scratch.Seen = () => Copies.CatchUp(CancellationToken.None);
    }

    public LayerCopies Copies => Service<LayerCopies>();

    public Layer Layer(string name) => Service<LayerCatalog>().Find(name) ?? throw new ArgumentException(name, nameof(name));

    /// <summary>Waits until every layer is answered from memory.</summary>
    public async Task Loaded()
    {
        for (var i = 0; i < 600; i++)
        {
            await Copies.CatchUp(CancellationToken.None);
            if (Copies.Layers.All(layer => Copies.Find(layer.Layer) is not null)) return;
            await Task.Delay(50);
        }
        throw new TimeoutException(string.Join(", ", Copies.Layers.Select(layer => $"{layer.Layer.Name}: {layer.Reason}")));
    }

    public T Service<T>() where T : notnull => _factory!.Services.GetRequiredService<T>();

    public async Task<HttpClient> As(Role role, long? areaId = null)
    {
        if (areaId is null && _clients.TryGetValue(role, out var known)) return known;
        var (_, key) = await ApiKeys.Create(Database, $"{role} {Guid.NewGuid():N}", role, areaId, null, "test", CancellationToken.None);
        var client = MakeClient(key);
        if (areaId is null) _clients[role] = client;
        return client;
    }

    public async Task DisposeAsync()
    {
        foreach (var client in _clients.Values) client.Dispose();
        Anyone?.Dispose();
        if (_factory is not null) await _factory.DisposeAsync();
        await Scratch.DisposeAsync();
    }

    private HttpClient MakeClient(string? key)
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        if (key is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Another server over the same database, with settings of its own.</summary>
    public AnotherServer Another(params (string Name, string Value)[] settings)
    {
        var factory = new Factory(Scratch.Address, settings);
        factory.UseKestrel(0);
        factory.StartServer();
        return new AnotherServer(factory);
    }

    internal sealed class Factory(string address, params (string Name, string Value)[] settings) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseSetting(DatabaseAddress.Variable, address);
            builder.UseSetting("urls", "http://127.0.0.1:0");
            foreach (var (name, value) in settings) builder.UseSetting(name, value);
        }
    }
}

/// <summary>A second server over the database of a <see cref="GridMapServer"/>.</summary>
public sealed class AnotherServer : IAsyncDisposable
{
    private readonly WebApplicationFactory<Program> _factory;

    internal AnotherServer(WebApplicationFactory<Program> factory)
    {
        _factory = factory;
        Client = new HttpClient { BaseAddress = factory.ClientOptions.BaseAddress, Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Client { get; }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _factory.DisposeAsync();
    }
}
