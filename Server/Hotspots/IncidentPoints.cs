using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;

namespace GridMap.Server.Hotspots;

/// <summary>Where the incidents of a question lie: from the layer's copy in memory, else from PostGIS.</summary>
internal static class IncidentPoints
{
    private const double Steps = 1e7;

    /// <summary>Degrees, in no order.</summary>
    /// <exception cref="Refused">More than five million incidents.</exception>
    public static Task<(double[] Lons, double[] Lats)> Of(FeatureQuestion question, Database database, LayerCopies copies, CancellationToken cancellation) =>
        copies.Find(question.Layer) is { } copy && copy.HasAll(question) ? Task.FromResult(FromMemory(copy, question)) : HotspotQueries.Points(database, question, cancellation);

    private static (double[] Lons, double[] Lats) FromMemory(LayerCopy copy, FeatureQuestion question)
    {
        var count = Selection.Count(copy, question);
        if (count > HotspotQueries.MostPoints) throw HotspotQueries.TooMany();
        var (lons, lats, n) = (new double[count], new double[count], 0);
        using var selection = new Selection(copy, question);
        for (var part = 0; part < copy.Parts.Length; part++)
        {
            var points = copy.Parts[part].Segment.Geometries;
            for (var row = selection.Following(part, 0); row >= 0; row = selection.Following(part, row + 1))
            {
                var at = points.Read(row);
                at.Next();
                (lons[n], lats[n]) = (at.X / Steps, at.Y / Steps);
                n++;
            }
        }
        return (lons, lats);
    }
}
