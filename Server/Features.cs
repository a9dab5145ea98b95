using GridMap.Server.Access;
using GridMap.Server.Areas;
using GridMap.Server.Buildings;
using GridMap.Server.Changes;
using GridMap.Server.Circles;
using GridMap.Server.Cities;
using GridMap.Server.Compounds;
using GridMap.Server.Coverage;
using GridMap.Server.Results;
using GridMap.Server.Downloads;
using GridMap.Server.Echo;
using GridMap.Server.Facilities;
using GridMap.Server.Grids;
using GridMap.Server.Health;
using GridMap.Server.Hotspots;
using GridMap.Server.Incidents;
using GridMap.Server.Isochrones;
using GridMap.Server.Jobs;
using GridMap.Server.Joins;
using GridMap.Server.Landscapes;
using GridMap.Server.Layers;
using GridMap.Server.Live;
using GridMap.Server.Locations;
using GridMap.Server.OgcApi;
using GridMap.Server.Plans;
using GridMap.Server.PopulationCells;
using GridMap.Server.Roads;
using GridMap.Server.Routes;
using GridMap.Server.Searches;
using GridMap.Server.Siting;
using GridMap.Server.Summaries;
using GridMap.Server.Tiles;
using GridMap.Server.Walking;
using GridMap.Server.Wfs;

namespace GridMap.Server;

/// <summary>Every feature, a line each: its layer, its services and its routes.</summary>
public static class Features
{
    private static readonly Layer[] Layers =
    [
        AreaLayer.Layer, GridLayer.Layer, CompoundLayer.Layer, BuildingLayer.Layer, FacilityLayer.Layer,
        IncidentLayer.Layer, RoadLayer.Layer, LandscapeLayer.Layer, PopulationCellLayer.Layer,
    ];

    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton(new LayerCatalog(Layers));
        services.AddSingleton<KeyPrefixes>();
        services.AddSingleton<LayerVersions>();
        services.AddSingleton<LayerReader>();
        services.AddSingleton<LayerCopies>();
        services.AddHostedService<LayerCheck>();
        services.AddSingleton<GridLookups>();
        services.AddSingleton<LocationLookup>();
        services.AddHostedService(provider => provider.GetRequiredService<LayerCopies>());
        services.AddSingleton<WalkingCities>();
        services.AddSingleton<WalkCoverages>();
        services.AddSingleton<ResultTileCache>();
        services.AddHostedService(provider => provider.GetRequiredService<WalkingCities>());
        services.AddSingleton<Items>();
        services.AddSingleton<Collections>();
        services.AddSingleton<Extents>();
        services.AddSingleton<ProcessCatalog>();
        services.AddSingleton(provider => new ProcessServices(provider));
        services.AddSingleton<JobRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<JobRunner>());
        services.AddSingleton<CollectionCrs>();
        services.AddSingleton<AreaNames>();
        services.AddSingleton<AreaQueries>();
        services.AddSingleton<CityQueries>();
        services.AddSingleton<GridQueries>();
        services.AddSingleton<PlanDesk>();
        services.AddSingleton<PlanFigures>();
        services.AddSingleton<PlanProposer>();
        services.AddSingleton<PlanEdits>();
        services.AddHostedService<PlanSettling>();
        services.AddSingleton<Metrics>();
        services.AddHostedService<WarmUp>();
        services.AddSingleton<TileQueries>();
        services.AddSingleton<TileCache>();
        services.AddSingleton<TileSource>();
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<ChangeQueries>();
        services.AddSingleton(DownloadLimits.Default);
        services.AddSingleton<DownloadFile>();
        services.AddSingleton<DownloadJobs>();
        services.AddHostedService(provider => provider.GetRequiredService<DownloadJobs>());
        services.AddSingleton<FeatureAnswers>();
        services.AddSingleton<GetFeature>();
        services.AddHostedService<ChangePositions>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());
    }

    public static void Map(WebApplication app)
    {
        app.MapAccess();
        app.MapCities();
        app.MapAreas();
        app.MapGrids();
        app.MapPlans();
        app.MapGridHoles();
        app.MapHealth();
        app.MapOgcApi();
        app.MapTiles();
        app.MapLive();
        app.MapChanges();
        app.MapWfs();
        app.MapDownloads();
        app.MapJoins();
        app.MapIncidents();
        app.MapSummaries();
        app.MapSearches();
        app.MapLocations();
        app.MapCircles();
        app.MapCoverage();
        app.MapWalkCoverage();
        app.MapWhatIf();
        app.MapCounted();
        app.MapCatchments();
        app.MapScenarios();
        app.MapHotspots();
        app.MapIsochrones();
        app.MapRoutes();
        app.MapSiting();
        app.MapEcho();
    }
}
