using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace GridMap.Benchmarks;

/// <summary>
/// A peer: MapServer 8 as FastCGI behind lighttpd on 127.0.0.1, over the same tables of the same database (Debian: cgi-mapserver, lighttpd).
/// It has as many processes as the bench has connections, each with a database connection that it keeps.
/// </summary>
public sealed class MapServer : IAsyncDisposable
{
    private const string Lighttpd = "/usr/sbin/lighttpd", Program = "/usr/bin/mapserv";

    private readonly Process _process;
    private readonly string _folder;

    private MapServer(Process process, string folder, Uri address) => (_process, _folder, Address) = (process, folder, address);

    public Uri Address { get; }

    public static bool IsInstalled => File.Exists(Lighttpd) && File.Exists(Program);

    /// <summary>The same features of a box as GeoJSON, by WFS 1.1: 2.0 would have it count everything in the box as well.</summary>
    public static string Items(string layer, string box, int limit)
    {
        // WFS 1.1 with the URN of EPSG:4326 has latitude first.
        var edges = box.Split(',');
        return $"/map?SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME={layer}&OUTPUTFORMAT=geojson&MAXFEATURES={limit}&BBOX={edges[1]},{edges[0]},{edges[3]},{edges[2]},urn:ogc:def:crs:EPSG::4326&SRSNAME=urn:ogc:def:crs:EPSG::4326";
    }

    /// <summary>The same tile.</summary>
    public static string Tile(string layer, int zoom, (int X, int Y) tile) => $"/map?mode=tile&tilemode=gmap&map.imagetype=mvt&layers={layer}&tile={tile.X}+{tile.Y}+{zoom}";

    public static async Task<MapServer> Start(string address, int processes)
    {
        var folder = Directory.CreateTempSubdirectory("gridmap-mapserver").FullName;
        var port = Tool.FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder, "city.map"), Map(address));
        await File.WriteAllTextAsync(Path.Combine(folder, "mapserver.conf"), $"CONFIG\n  ENV\n    MS_MAP_PATTERN \".\"\n    MS_MAPFILE \"{folder}/city.map\"\n  END\nEND\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "lighttpd.conf"), $$"""
            server.modules = ("mod_fastcgi")
            server.bind = "127.0.0.1"
            server.port = {{port}}
            server.document-root = "{{folder}}"
            fastcgi.server = ("/map" => (("bin-path" => "{{Program}}", "socket" => "{{folder}}/map.socket", "check-local" => "disable", "max-procs" => {{processes}},
                "bin-environment" => ("MAPSERVER_CONFIG_FILE" => "{{folder}}/mapserver.conf", "MS_MAPFILE" => "{{folder}}/city.map"))))
            """);
        var process = Process.Start(new ProcessStartInfo(Lighttpd, ["-D", "-f", Path.Combine(folder, "lighttpd.conf")]) { UseShellExecute = false }) ?? throw new InvalidOperationException("lighttpd did not start");
        var server = new MapServer(process, folder, new Uri($"http://127.0.0.1:{port}"));
        using var http = new HttpClient { BaseAddress = server.Address };
        for (var i = 0; i < 100; i++)
        {
            try
            {
                var text = await http.GetStringAsync("/map?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=grids&OUTPUTFORMAT=geojson&COUNT=1");
                if (text.Contains("\"FeatureCollection\"", StringComparison.Ordinal)) return server;
                await server.DisposeAsync();
                throw new InvalidOperationException($"MapServer answers: {text}");
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
        }
        await server.DisposeAsync();
        throw new InvalidOperationException("MapServer did not start in 10 seconds.");
    }

    public async ValueTask DisposeAsync()
    {
        // lighttpd ends its FastCGI processes when it is asked to end, not when it is killed.
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Map(string address)
    {
        var database = new NpgsqlConnectionStringBuilder(Questions.Npgsql(address));
        var connection = $"host={database.Host} port={database.Port} dbname={database.Database} user={database.Username}" + (database.Password is { Length: > 0 } password ? $" password={password}" : "");
        string Layer(string name, string filter) => $"""
              LAYER
                NAME "{name}"
                TYPE POLYGON
                STATUS ON
                CONNECTIONTYPE POSTGIS
                CONNECTION "{connection}"
                PROCESSING "CLOSE_CONNECTION=DEFER"
                DATA "geom FROM (SELECT * FROM {name}{filter}) AS t USING UNIQUE id USING SRID=4326"
                PROJECTION "init=epsg:4326" END
                METADATA
                  "wfs_title" "{name}"
                  "wfs_enable_request" "*"
                  "gml_include_items" "all"
                  "gml_featureid" "id"
                  "wfs_getfeature_formatlist" "geojson"
                  "wfs_use_default_extent_for_getfeature" "false"
                END
              END
            """;
        return $"""
            MAP
              NAME "city"
              SIZE 256 256
              EXTENT -180 -90 180 90
              PROJECTION "init=epsg:4326" END
              OUTPUTFORMAT
                NAME "geojson"
                DRIVER "OGR/GEOJSON"
                MIMETYPE "application/json"
                FORMATOPTION "STORAGE=stream"
                FORMATOPTION "FORM=SIMPLE"
                FORMATOPTION "LCO:COORDINATE_PRECISION=7"
              END
              OUTPUTFORMAT
                NAME "mvt"
                DRIVER "MVT"
                FORMATOPTION "EXTENT=4096"
                FORMATOPTION "EDGE_BUFFER=64"
              END
              WEB
                METADATA
                  "wfs_title" "city"
                  "wfs_onlineresource" "http://127.0.0.1/map?"
                  "wfs_srs" "EPSG:4326"
                  "wfs_enable_request" "*"
                END
              END
            {Layer("grids", " WHERE valid_to = 'infinity'")}
            {Layer("buildings", "")}
            END
            """;
    }
}
