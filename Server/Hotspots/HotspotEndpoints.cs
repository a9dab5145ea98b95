using GridMap.Geo.Hotspots;
using GridMap.Geo.Projections;
using GridMap.Server.Access;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Microsoft.AspNetCore.Http.HttpResults;
using NetTopologySuite.Geometries;

namespace GridMap.Server.Hotspots;

public static class HotspotEndpoints
{
    private const string Picture = "image/png", GeoJson = "application/geo+json";

    private static readonly Parameter<double?> Bandwidth = Parameters.Number("bandwidthMetres", 10, 5_000, ("How far an incident reaches; 300 when absent.", "带宽，即一起事件的影响范围，单位为米；缺省为 300。")).Or(300);
    private static readonly Parameter<double?> Cell = Parameters.Number("cellMetres", 1, 5_000, ("Side of a cell; a tenth of the bandwidth or what 200,000 cells allow when absent.", "像元边长，单位为米；缺省为带宽的十分之一，或不超过 20 万个像元所允许的边长。"));
    private static readonly Parameter<string?> Shape = Parameters.Choice("kernel", ["gaussian", "quartic"], ("Gaussian: the bandwidth is the standard deviation; quartic: the radius.", "核函数。gaussian：带宽为标准差；quartic：带宽为半径。")).Or("gaussian");
    private static readonly Parameter<string?> Format = Parameters.Format("format", [("json", "application/json"), ("png", Picture), ("contours", GeoJson)], ("Numbers, a picture in Web Mercator, or polygons.", "结果形式：数值、Web 墨卡托投影的图像，或多边形。")).Or("json");
    private static readonly Parameter<bool?> Values = Parameters.Flag("values", ("false: only the header, with format=json.", "format=json 时，false 表示只返回头部信息，不含数值。")).Or(true);
    private static readonly Parameter<int?> Levels = Parameters.Integer("levels", 1, 20, ("How many bands, with format=contours; 6 when absent.", "format=contours 时的分级数；缺省为 6。")).Or(6);
    private static readonly Parameter<double?> ScaleMax = Parameters.Number("scaleMax", 1e-6, 1e9, ("The density of the last colour or above the last band, so that pictures can be compared; the surface's own maximum when absent.", "末级颜色或末级以上的密度，使各图可相互比较；缺省为本密度面的最大值。"));
    private static readonly Parameter<string?> Net = Parameters.TextOf("net", 40, "A net of grids; base when absent.").Or("base");

    public static void MapHotspots(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/hotspots").About("Hotspots", "Where incidents concentrate").Reads();
        api.MapGet("/density", MapDensity).Takes([.. IncidentFilter.All, Parameters.Bbox, Bandwidth, Cell, Shape, Format, Values, Levels, ScaleMax])
            .Produces<Density>().WithSummary("Where incidents concentrate, as numbers, a picture or polygons").IsProcess("density", "Density", "热力", "事件集中在哪里：数值、图像或多边形",
                (http, stop) => Read(Question.Of(http), http.Service<Database>(), http.Service<CityClock>(), stop));
        api.MapGet("/grids", ByGrid).Takes([.. IncidentFilter.All, Net]).WithSummary("Incidents by grid, with rates and the change against the span before");
    }

    private static async Task<IncidentFilter> Read(Question ask, Database database, CityClock clock, CancellationToken cancellation)
    {
        if (ask.Get(Parameters.Bbox) is { } wanted && wanted.West > wanted.East) throw Refused.Field("bbox", "bbox.across-the-antimeridian", "west below east");
        return await IncidentFilter.Of(ask, database, clock, cancellation);
    }

    private static async Task<IResult> MapDensity(HttpContext http, Database database, LayerCopies copies, LayerCatalog layers, CityClock clock, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var filter = await Read(ask, database, clock, cancellation);
        var kernel = new Kernel(ask.Get(Shape) == "quartic" ? KernelShape.Quartic : KernelShape.Gaussian, ask.Get(Bandwidth)!.Value);
        var (srid, whole) = await HotspotQueries.Frame(database, filter.Areas, cancellation);
        var asked = ask.Get(Parameters.Bbox);
        // An empty database has neither a frame nor a plane, and no incident that could lie anywhere.
        var box = asked ?? (whole is [var west, var south, var east, var north] ? new Bbox(west, south, east, north)
            : throw Refused.Field("bbox", "parameter.missing", "a box, because the city has no areas yet"));
        var plane = srid is { } known ? MetricPlane.ForSrid(known) : MetricPlane.ForLonLat((box.West + box.East) / 2, (box.South + box.North) / 2);
        var lattice = DensityFrame.Lattice(box, asked is null, kernel, ask.Get(Cell), plane);

        var near = Around(DensityFrame.Degrees(lattice, plane), DensityFrame.ReachMetres(kernel));
        var incidents = layers.Find("incidents")!;
        var tests = await incidents.TileFilter!.Tests(ask, database, clock, cancellation);
        var (xs, ys) = await IncidentPoints.Of(new FeatureQuestion(incidents, int.MaxValue) { Box = near, Tests = tests }, database, copies, cancellation);
        plane.ToMetres(xs, ys, xs, ys);
        var surface = KernelDensity.Estimate(xs, ys, [], kernel, lattice);
        var max = surface.Max();
        http.Response.Headers["X-GridMap-Max"] = max.ToString("R");
        http.Response.Headers["X-GridMap-Count"] = xs.Length.ToString();
        switch (ask.Get(Format))
        {
            case "png":
                var (png, frame) = DensityPicture.Draw(surface, plane, ask.Get(ScaleMax) ?? max);
                http.Response.Headers["X-GridMap-Bbox"] = FormattableString.Invariant($"{frame.West:R},{frame.South:R},{frame.East:R},{frame.North:R}");
                return TypedResults.Bytes(png, Picture);
            case "contours":
                return TypedResults.Json(Bands(surface, plane, ask.Get(Levels)!.Value, ask.Get(ScaleMax) ?? max), contentType: GeoJson);
            default:
                var degrees = DensityFrame.Degrees(lattice, plane);
                return TypedResults.Ok(new Density(filter.From, filter.To, xs.Length, ask.Get(Shape)!, kernel.BandwidthMetres, lattice.CellMetres, plane.Srid,
                    lattice.Columns, lattice.Rows, [lattice.OriginX, lattice.OriginY], "incidents/km²", max, ask.Get(Values)!.Value ? Rows(surface) : null,
                    [degrees.West, degrees.South, degrees.East, degrees.North]));
        }
    }

    private static async Task<Ok<GridCounts>> ByGrid(HttpContext http, Database database, CityClock clock, CancellationToken cancellation)
    {
        var ask = Question.Of(http);
        var filter = await IncidentFilter.Of(ask, database, clock, cancellation);
        var (from, to) = await clock.WholePeriod(ask, cancellation);
        var net = ask.Get(Net)!;
        if (!await database.Scalar<bool>($"SELECT EXISTS (SELECT FROM nets WHERE code = {net})", cancellation)) throw Refused.Field("net", "net.unknown", "the code of a net");
        var boundariesAt = to < clock.Now ? to.AddTicks(-10) : clock.Now;
        var where = filter.WhereAnyTime();
        var (grids, located) = await HotspotQueries.Grids(database, net, filter.Areas, where, from, to, boundariesAt, cancellation);
        var count = await database.Scalar<long>($"SELECT count(*) FROM incidents WHERE reported_at >= {from} AND reported_at < {to} AND {where}", cancellation);
        return TypedResults.Ok(new GridCounts(from, to, count, count - located, grids));
    }

    private static FeatureSet<MultiPolygonShape, DensityBand> Bands(Surface surface, MetricPlane plane, int count, double top)
    {
        if (!(surface.Max() > 0)) return new FeatureSet<MultiPolygonShape, DensityBand>("FeatureCollection", []);
        var levels = Enumerable.Range(1, count).Select(level => top * level / (count + 1)).ToArray();
        var features = Contours.Bands(surface, levels, surface.Lattice.CellSquareMetres)
            .Where(band => !band.Area.IsEmpty)
            .Select(band => new Feature<MultiPolygonShape, DensityBand>("Feature", MultiPolygonShape.Of((MultiPolygon)plane.ToLonLat(band.Area)),
                new DensityBand(band.Low, double.IsFinite(band.High) ? band.High : null)));
        return new FeatureSet<MultiPolygonShape, DensityBand>("FeatureCollection", features.ToList());
    }

    private static double[][] Rows(Surface surface)
    {
        var (columns, rows) = (surface.Lattice.Columns, surface.Lattice.Rows);
        var values = new double[rows][];
        for (var row = 0; row < rows; row++)
        {
            var line = values[rows - 1 - row] = surface.Values.Slice(row * columns, columns).ToArray();
            for (var column = 0; column < columns; column++) line[column] = Math.Round(line[column], 6);
        }
        return values;
    }

    // A little wide on purpose: what is beyond the kernel's reach adds nothing.
    private static Bbox Around(Bbox box, double metres)
    {
        double up = metres / 110_000, aside = up / Math.Max(0.05, Math.Cos(double.DegreesToRadians(Math.Max(Math.Abs(box.South), Math.Abs(box.North)))));
        return new Bbox(Math.Max(-180, box.West - aside), Math.Max(-90, box.South - up), Math.Min(180, box.East + aside), Math.Min(90, box.North + up));
    }
}
