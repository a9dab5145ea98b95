using GridMap.Server.Databases;
using GridMap.Server.Layers;

namespace GridMap.Server.Cities;

public sealed class CityQueries(Database database, LayerVersions versions, IConfiguration configuration)
{
    private sealed record Known(long Version, City City);

    private static readonly Layer MadeOf = new("city-figures", "areas", "", "", "")
    {
        From = "areas AS t", Columns = [], DependsOn = ["areas", "grids", "buildings", "facilities", "incidents", "roads", "population_cells"],
    };

    private readonly Basemap? _basemap = Basemaps.Configured(configuration);

    private volatile Known? _known;

    public async Task<City> City(CancellationToken cancellation)
    {
        // Counting a city takes a while; each version of it is counted once.
        var version = await versions.Of(MadeOf, cancellation);
        if (_known is { } known && known.Version == version && known.City.Name.Length > 0) return known.City;
        var city = await Read(cancellation);
        _known = new Known(version, city);
        return city;
    }

    public Task<List<Net>> Nets(CancellationToken cancellation) => database.Query($"""
        SELECT nets.id, nets.code, nets.name, nets.name_en, count(grids.id)
        FROM nets LEFT JOIN grids ON grids.net_id = nets.id AND valid_from <= now() AND valid_to > now()
        GROUP BY nets.id ORDER BY nets.id
        """, reader => new Net(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt64(4)), cancellation);

    public Task<List<string>> Catalogues(CancellationToken cancellation) =>
        database.Query($"SELECT DISTINCT catalogue FROM catalogue_entries ORDER BY 1", reader => reader.GetString(0), cancellation);

    public Task<List<CatalogueEntry>> Catalogue(string name, CancellationToken cancellation) => database.Query($"""
        -- Another city's own entries are shown only where something in this one uses them.
        SELECT code, name, name_en, parent_code, source, confidence, profile FROM catalogue_entries
        WHERE catalogue = {name} AND (profile = 'core' OR profile IN (
            SELECT DISTINCT used.profile FROM catalogue_entries AS used
            WHERE used.catalogue = {name} AND used.profile <> 'core' AND (
                ({name} = 'incident-categories' AND EXISTS (SELECT FROM incidents WHERE incidents.category = used.code))
                OR ({name} = 'facility-types' AND EXISTS (SELECT FROM facilities WHERE facilities.type = used.code)))))
        ORDER BY profile <> 'core', profile, position, code
        """, reader => new CatalogueEntry(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.TextOrNull(3), reader.GetString(4), reader.GetString(5), reader.GetString(6)), cancellation);

    public Task<List<Department>> Departments(CancellationToken cancellation) => database.Query($"SELECT id, code, name, name_en FROM departments ORDER BY code",
        reader => new Department(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)), cancellation);

    private async Task<City> Read(CancellationToken cancellation)
    {
        var city = await database.QueryOne($"""
            SELECT coalesce(city.name, ''), coalesce(city.name_en, ''), coalesce(city.division_code, ''), coalesce(city.time_zone, 'UTC'),
                   coalesce(city.metric_srid, 0), coalesce(city.walk_metres_per_minute, 60),
                   ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box),
                   (SELECT count(*) FROM areas), (SELECT count(*) FROM grids WHERE valid_from <= now() AND valid_to > now()),
                   (SELECT count(*) FROM buildings), (SELECT count(*) FROM facilities), (SELECT count(*) FROM incidents), (SELECT count(*) FROM roads), (SELECT count(*) FROM population_cells),
                   (SELECT min(reported_at) FROM incidents), (SELECT max(reported_at) FROM incidents)
            FROM (SELECT 1) AS once LEFT JOIN city ON TRUE
                CROSS JOIN (SELECT coalesce((SELECT ST_Extent(geom) FROM areas), (SELECT ST_Extent(geom) FROM grids), (SELECT ST_Extent(geom) FROM buildings)) AS box) AS extent
            """, row => new City(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetDouble(5),
                row.BoxOrNull(6),
                new CityCounts(row.GetInt64(10), row.GetInt64(11), row.GetInt64(12), row.GetInt64(13), row.GetInt64(14), row.GetInt64(15), row.GetInt64(16)),
                row.TimeOrNull(17), row.TimeOrNull(18), _basemap, typeof(CityQueries).Assembly.GetName().Version!.ToString(3)), cancellation);
        return city!;
    }
}
