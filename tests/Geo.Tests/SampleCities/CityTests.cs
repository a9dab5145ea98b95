using System.Security.Cryptography;
using System.Text;
using GridMap.SampleCity;
using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Regions;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Prepared;
using NetTopologySuite.Index.Strtree;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.SampleCities;

public sealed class SmallTown
{
    public City City { get; } = CityGenerator.Generate(new(60));
}

/// <summary>What everybody else relies on: the same city every time, an exact partition, one connected network, nothing across a border.</summary>
public sealed class CityTests(SmallTown town) : IClassFixture<SmallTown>
{
    private readonly City city = town.City;

    [Fact]
    public void The_same_order_makes_the_same_city() => Digest(CityGenerator.Generate(new(60))).ShouldBe(Digest(city));

    [Fact]
    public void Another_seed_makes_another_city() => Digest(CityGenerator.Generate(new(60, 7))).ShouldNotBe(Digest(city));

    [Theory]
    [InlineData(29)]
    [InlineData(20_001)]
    public void A_city_too_small_or_too_large_is_refused(int grids) =>
        Should.Throw<ArgumentOutOfRangeException>(() => CityGenerator.Generate(new(grids)));

    [Fact]
    public void There_are_as_many_grids_as_ordered() => CurrentBase().Count.ShouldBe(60);

    [Fact]
    public void Every_level_is_cut_into_the_next_border_by_border()
    {
        var grids = CurrentBase();
        foreach (var area in city.Areas)
        {
            var parts = area.Level == AreaLevel.Community
                ? grids.Where(grid => grid.AreaId == area.Id).Select(grid => grid.Outlines).ToList()
                : city.Areas.Where(child => child.ParentId == area.Id).Select(child => child.Outlines).ToList();
            parts.ShouldNotBeEmpty();
            // Inner borders run once each way and cancel out; what is left is the parent's border, vertex by vertex.
            var left = new HashSet<(Place, Place)>();
            foreach (var edge in parts.SelectMany(Edges))
                if (!left.Remove((edge.To, edge.From))) left.Add(edge).ShouldBeTrue($"an edge of {area.Name} is in two parts");
            left.SetEquals(Edges(area.Outlines)).ShouldBeTrue($"the parts of {area.Name} do not fill it");
        }
    }

    [Fact]
    public void Former_grids_fill_what_replaced_them()
    {
        var former = city.Grids.Where(grid => grid is { Net: "base", ValidTo: not null }).ToList();
        var later = city.Grids.Where(grid => grid is { Net: "base", ValidFrom: not null }).ToList();
        former.ShouldNotBeEmpty();
        var before = Whole(former.Select(grid => Polygon(grid.Outlines)));
        var after = Whole(later.Select(grid => Polygon(grid.Outlines)));
        before.SymmetricDifference(after).Area.ShouldBe(0);
        former.Select(grid => grid.Code).Intersect(CurrentBase().Select(grid => grid.Code)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("police")]
    [InlineData("volunteer")]
    public void Other_nets_cover_the_city_too(string net)
    {
        var whole = Whole(city.Grids.Where(grid => grid.Net == net).Select(grid => Polygon(grid.Outlines)));
        whole.SymmetricDifference(Polygon(city.Areas[0].Outlines)).Area.ShouldBe(0);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(812)]
    public void No_border_passes_a_point_twice(int grids)
    {
        var made = grids == 60 ? city : CityGenerator.Generate(new(grids));
        var regions = made.Areas.Select(area => (area.Name, area.Outlines)).Concat(made.Grids.Where(grid => grid.ValidTo is null).Select(grid => (grid.Code, grid.Outlines)));
        foreach (var (name, outlines) in regions)
        {
            outlines.Count.ShouldBe(1, name);
            var places = outlines.SelectMany(outline => outline.Holes.Append(outline.Outer)).SelectMany(ring => ring).ToList();
            places.Distinct().Count().ShouldBe(places.Count, name);
        }
    }

    [Fact]
    public void The_roads_are_one_network()
    {
        var leader = new Dictionary<Place, Place>();
        Place Find(Place place)
        {
            while (leader[place] != place) place = leader[place] = leader[leader[place]];
            return place;
        }
        foreach (var road in city.Roads)
        {
            leader.TryAdd(road.Line[0], road.Line[0]);
            leader.TryAdd(road.Line[^1], road.Line[^1]);
            leader[Find(road.Line[0])] = Find(road.Line[^1]);
        }
        leader.Keys.Select(Find).Distinct().Count().ShouldBe(1);
        city.Roads.Count.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void Roads_meet_only_at_their_ends()
    {
        var index = new STRtree<LineString>();
        var lines = city.Roads.Select(road => new LineString(road.Line.Select(Lattice).ToArray())).ToList();
        foreach (var line in lines) index.Insert(line.EnvelopeInternal, line);
        var crossings = 0;
        foreach (var line in lines)
            foreach (var other in index.Query(line.EnvelopeInternal))
                if (!ReferenceEquals(line, other) && line.Crosses(other)) crossings++;
        crossings.ShouldBe(0);
    }

    [Fact]
    public void Every_building_stands_in_its_grid_and_on_no_other()
    {
        var grids = city.Grids.ToDictionary(grid => grid.Id, grid => PreparedGeometryFactory.Prepare(Polygon(grid.Outlines)));
        var index = new STRtree<Polygon>();
        var footprints = city.Buildings.Select(building => new Polygon(Ring(building.Ring))).ToList();
        foreach (var footprint in footprints) index.Insert(footprint.EnvelopeInternal, footprint);
        for (var i = 0; i < footprints.Count; i++)
        {
            footprints[i].IsValid.ShouldBeTrue();
            grids[city.Buildings[i].GridId].ContainsProperly(footprints[i]).ShouldBeTrue(city.Buildings[i].Code);
            index.Query(footprints[i].EnvelopeInternal).Count(other => other.Intersects(footprints[i])).ShouldBe(1, city.Buildings[i].Code);
        }
        footprints.Count.ShouldBeGreaterThan(2000);
    }

    [Fact]
    public void People_are_counted_the_same_everywhere()
    {
        var residents = city.Buildings.Sum(building => building.Residents);
        residents.ShouldBe(city.PopulationCells.Sum(cell => cell.Residents));
        residents.ShouldBe(CurrentBase().Sum(grid => grid.Residents));
        residents.ShouldBeInRange(60 * 600, 60 * 880);
        city.Buildings.ShouldAllBe(building => building.Elderly + building.Children <= building.Residents);
    }

    [Fact]
    public void Incidents_come_in_order_and_within_the_year()
    {
        var incidents = city.Incidents.ToList();
        incidents.Count.ShouldBe(city.IncidentCount);
        var last = City.IncidentsFrom;
        foreach (var incident in incidents)
        {
            incident.ReportedAt.ShouldBeGreaterThanOrEqualTo(last);
            last = incident.ReportedAt;
            (incident.ClosedAt is not null).ShouldBe(incident.Status is "closed" or "rejected");
            if (incident.ClosedAt is { } closed) closed.ShouldBeInRange(incident.ReportedAt, City.IncidentsTo);
        }
        last.ShouldBeLessThan(City.IncidentsTo);
        incidents.Select(incident => incident.Number).Distinct().Count().ShouldBe(incidents.Count);
    }

    [Fact]
    public void Planted_hotspots_are_there()
    {
        var incidents = city.Incidents.ToList();
        city.PlantedHotspots.Count.ShouldBeGreaterThanOrEqualTo(7);
        foreach (var planted in city.PlantedHotspots)
        {
            var centre = CityPlane.ToPlane(planted.Centre);
            var inside = incidents.Where(incident => incident.Category == planted.Category && incident.ReportedAt >= planted.From
                && incident.ReportedAt < planted.To && CityPlane.ToPlane(incident.Place).To(centre) <= planted.RadiusMetres + 1).ToList();
            inside.Count.ShouldBeGreaterThanOrEqualTo(planted.Incidents, planted.Name);
            var half = planted.From + (planted.To - planted.From) / 2;
            if (planted.Growing) inside.Count(incident => incident.ReportedAt >= half).ShouldBeGreaterThan(inside.Count * 3 / 5);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Other_seeds_make_sound_cities(long seed)
    {
        var other = CityGenerator.Generate(new(90, (ulong)seed));
        other.Landscapes.ShouldAllBe(landscape => new Polygon(Ring(landscape.Ring)).IsValid);
        other.Compounds.ShouldAllBe(compound => new Polygon(Ring(compound.Ring)).IsValid);
        other.Areas.ShouldAllBe(area => Polygon(area.Outlines).IsValid);
        other.Grids.ShouldAllBe(grid => Polygon(grid.Outlines).IsValid);
    }

    private List<Grid> CurrentBase() => city.Grids.Where(grid => grid is { Net: "base", ValidTo: null }).ToList();

    private static IEnumerable<(Place From, Place To)> Edges(IReadOnlyList<Outline> outlines)
    {
        foreach (var outline in outlines)
            foreach (var ring in outline.Holes.Prepend(outline.Outer))
                for (var i = 0; i < ring.Length; i++) yield return (ring[i], ring[(i + 1) % ring.Length]);
    }

    private static Coordinate Lattice(Place place) => new(place.Lon7 - 1_200_000_000, place.Lat7 - 318_000_000);

    private static LinearRing Ring(Place[] ring) => new([.. ring.Select(Lattice), Lattice(ring[0])]);

    private static MultiPolygon Polygon(IReadOnlyList<Outline> outlines) =>
        new([.. outlines.Select(outline => new Polygon(Ring(outline.Outer), outline.Holes.Select(Ring).ToArray()))]);

    private static Geometry Whole(IEnumerable<Geometry> parts) => NetTopologySuite.Operation.Union.UnaryUnionOp.Union(parts.ToList());

    private static string Digest(City city)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
        void AddPlaces(IEnumerable<Place> places) => Add(string.Join(' ', places));
        foreach (var area in city.Areas)
        {
            Add(area.Code + area.Name + area.NameEn);
            foreach (var outline in area.Outlines) AddPlaces(outline.Outer);
        }
        foreach (var grid in city.Grids) Add($"{grid.Net}{grid.Code}{grid.Name}{grid.Households}{grid.Outlines.Sum(outline => outline.Outer.Length)}");
        foreach (var duty in city.Duties) Add(duty.Person + duty.Phone);
        foreach (var building in city.Buildings)
        {
            Add($"{building.Code}{building.Name}{building.Address}{building.Residents}");
            AddPlaces(building.Ring);
        }
        foreach (var facility in city.Facilities) Add($"{facility.Code}{facility.Name}{facility.Type}{facility.Place}");
        foreach (var road in city.Roads)
        {
            Add(road.Code + road.Name + road.Class);
            AddPlaces(road.Line);
        }
        foreach (var landscape in city.Landscapes) AddPlaces(landscape.Ring);
        foreach (var incident in city.Incidents) Add($"{incident.Number}{incident.Category}{incident.Status}{incident.Title}{incident.Place}{incident.ReportedAt:O}{incident.ClosedAt:O}");
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
