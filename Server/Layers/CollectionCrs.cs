using GridMap.Geo.Projections;
using GridMap.Server.Http;

namespace GridMap.Server.Layers;

/// <summary>
/// The CRSs of a collection (OGC 18-058r1): the geographic ones and Web Mercator always, and the Gauss–Krüger and UTM zones whose central meridian is near
/// enough to what the collection holds that they measure it well. What is listed is taken, everywhere, under <c>/ogc</c> and in WFS; what is not is refused.
/// </summary>
public sealed class CollectionCrs(Extents extents, LayerCatalog layers)
{
    // A zone reaches 1.5° or 3° to each side; the neighbours are asked for where a city lies on a border.
    private const double ReachDegrees = 6;

    private static readonly KnownCrs[] Everywhere = [KnownCrs.Crs84, KnownCrs.Wgs84, KnownCrs.Cgcs2000, KnownCrs.WebMercator];

    public static KnownCrs Storage => KnownCrs.Crs84;

    public async Task<IReadOnlyList<KnownCrs>> Of(Layer layer, CancellationToken cancellation)
    {
        // The zones of the city, whatever its collections hold: one feature far away, put there by mistake, takes none from those who work in them.
        var boxes = new List<double[]?> { await extents.BoxOf(layer, cancellation) };
        foreach (var other in layers.All)
        {
            if (boxes.Count > 1 && boxes.Exists(box => box is not null)) break;
            boxes.Add(await extents.BoxOf(other, cancellation));
        }
        var zones = KnownCrs.Epsg.Where(crs => crs.Kind == CrsKind.TransverseMercator && (boxes.TrueForAll(box => box is null) || boxes.Exists(box => box is not null && Measures(crs, box))));
        return [.. Everywhere, .. zones];
    }

    /// <exception cref="Refused">The parameter names no CRS of the collection, or one that has no such datum.</exception>
    public async Task<AskedCrs> Asked(Layer layer, Question ask, Parameter<string?> parameter, Datum datum, CancellationToken cancellation) =>
        ask.Get(parameter) is { } name ? await Named(layer, name, parameter.Name, datum, cancellation) : new AskedCrs(KnownCrs.Crs84, datum);

    public async Task<AskedCrs> Named(Layer layer, string name, string field, Datum datum, CancellationToken cancellation)
    {
        if (!KnownCrs.TryParse(name, out var crs) || !(Everywhere.Contains(crs) || (await Of(layer, cancellation)).Contains(crs)))
            throw Refused.Field(field, "crs.unknown", $"a CRS that the collection {layer.Name} lists, such as {KnownCrs.Crs84.Uri}");
        if (datum != default && crs.Kind != CrsKind.Geographic) throw Refused.Field("coord", "coord.not-in-this-crs", $"no coord with {crs.Name}: GCJ-02 and BD-09 are degrees");
        return new AskedCrs(crs, datum);
    }

    private static bool Measures(KnownCrs crs, double[] box) => box is [var west, var south, var east, var north] && Near(crs, west) && Near(crs, east)
        && (crs.Srid is not (>= 32601 and <= 32660) || north >= 0) && (crs.Srid is not (>= 32701 and <= 32760) || south < 0);

    private static bool Near(KnownCrs crs, double lon) => Math.Abs(Math.IEEERemainder(lon - crs.CentralMeridian, 360)) <= ReachDegrees;
}
