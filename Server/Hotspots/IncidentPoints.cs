using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Incidents;
using GridMap.Server.Layers;

namespace GridMap.Server.Hotspots;

/// <summary>Where the incidents of a question lie: from the layer's copy in memory, else from PostGIS.</summary>
internal static class IncidentPoints
{
    private const double Steps = 1e7;

    /// <summary>Degrees; those that meet the box.</summary>
    /// <exception cref="Refused">More than five million incidents.</exception>
    public static async Task<(double[] Lons, double[] Lats)> Within(Bbox box, IncidentFilter filter, Database database, LayerCopies copies, DateTime now, CancellationToken cancellation)
    {
        var question = new FeatureQuestion(IncidentLayer.Layer, int.MaxValue) { Box = box, Tests = IncidentLayer.Tests(filter, now) };
        if (copies.Find(IncidentLayer.Layer) is { } copy && copy.HasAll(question)) return FromMemory(copy, question);
        return await HotspotQueries.Points(database, Sql.And([filter.Where(), Sql.Of($"incidents.geom && ST_MakeEnvelope({box.West}, {box.South}, {box.East}, {box.North}, 4326)")]), cancellation);
    }

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
