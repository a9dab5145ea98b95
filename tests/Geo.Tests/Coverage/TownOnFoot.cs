using GridMap.Geo.Coverage;
using GridMap.Geo.Projections;
using GridMap.Geo.Roads;
using GridMap.Geo.Tests.Roads;
using GridMap.SampleCity;

namespace GridMap.Geo.Tests.Coverage;

/// <summary>The network of a generated town of 60 grids, with its buildings and the people in them.</summary>
public sealed class TownOnFoot
{
    public const double ReachMetres = 200;

    public TownOnFoot()
    {
        var city = CityGenerator.Generate(new(60));
        var plane = MetricPlane.ForSrid(City.MetricSrid);
        Network = Networks.Of(city);
        Index = new(Network);
        var buildings = city.Buildings;
        (Xs, Ys) = (new double[buildings.Count], new double[buildings.Count]);
        Places = new EdgePoint[buildings.Count];
        for (var i = 0; i < Places.Length; i++)
        {
            (Xs[i], Ys[i]) = plane.ToMetres(buildings[i].Ring.SkipLast(1).Average(place => place.Lon), buildings[i].Ring.SkipLast(1).Average(place => place.Lat));
            Places[i] = Index.Nearest(Xs[i], Ys[i], ReachMetres);
        }

        Demand = new(Network, Places);
        People = new([.. buildings.Select(b => b.Households)], [.. buildings.Select(b => b.Residents)], [.. buildings.Select(b => b.Elderly)], [.. buildings.Select(b => b.Children)]);
        Groups = [.. buildings.Select(b => b.GridId)];
        Facilities = [.. city.Facilities.Where(f => f.Type is "pharmacy" or "clinic").Select(f => plane.ToMetres(f.Place.Lon, f.Place.Lat)).Select(at => Index.Nearest(at.X, at.Y, ReachMetres))];
    }

    public RoadNetwork Network { get; }

    public EdgeIndex Index { get; }

    public double[] Xs { get; }

    public double[] Ys { get; }

    public EdgePoint[] Places { get; }

    public DemandPoints Demand { get; }

    public People People { get; }

    public int[] Groups { get; }

    public EdgePoint[] Facilities { get; }
}
