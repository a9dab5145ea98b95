using GridMap.SampleCity.Blocks;
using GridMap.SampleCity.Names;
using GridMap.SampleCity.Numbers;
using GridMap.SampleCity.Regions;
using GridMap.SampleCity.Streets;

namespace GridMap.SampleCity.Places;

/// <summary>Puts the service points where they are found in a town: in shops and offices along the streets, in parks, at crossings.</summary>
internal sealed class FacilityPlaces(List<Block> blocks, List<(Building Building, Vec Middle)> buildings, int[] blockOfBuilding,
    Administration administration, PlanarMap map, Addresses addresses, Namer namer, Pcg random)
{
    private readonly List<Facility> facilities = [];
    private readonly HashSet<Place> taken = [];

    public List<Facility> Build(int grids)
    {
        PerArea();
        PerBlock();
        Scattered(grids);
        Stops();
        return facilities;
    }

    private bool IsRoom(int index, bool shops) => buildings[index].Building.Use is "commercial" or "mixed" or "public" or "office"
        || (!shops && buildings[index].Building.Use == "residential");

    private void PerArea()
    {
        var ofCommunity = new Dictionary<int, List<int>>();
        for (var i = 0; i < buildings.Count; i++)
        {
            if (!ofCommunity.TryGetValue(buildings[i].Building.AreaId, out var list)) ofCommunity.Add(buildings[i].Building.AreaId, list = []);
            list.Add(i);
        }
        foreach (var area in administration.Areas)
        {
            if (area.Level != AreaLevel.Community || !ofCommunity.TryGetValue(area.Id, out var here)) continue;
            var heart = Heart(here);
            At(Nearest(here, heart, false), "party-station", "community", area.Name + "党群服务站", area.NameEn + " Service Station", "Mo-Su 08:30-20:00", random.From(40, 120));
            At(Nearest(here, heart, false), "community-centre", "community", area.Name + "综合服务中心", area.NameEn + " Centre", "Mo-Fr 08:30-17:30", random.From(60, 200));
            if (random.Chance(0.82)) At(Nearest(here, heart + Wander(260), false), "clinic", "community", area.Name + "卫生服务站", area.NameEn + " Clinic", "Mo-Su 08:00-20:00", random.From(8, 30));
            if (random.Chance(0.52)) At(Nearest(here, heart + Wander(320), false), "elderly-care", "community", area.Name + "养老服务中心", area.NameEn + " Elderly Care", "Mo-Su 08:00-18:00", random.From(20, 120));
            if (random.Chance(0.55)) At(Nearest(here, heart + Wander(300), false), "canteen", "community", area.Name + "社区食堂", area.NameEn + " Canteen", "Mo-Su 06:30-18:30", random.From(40, 160));
            if (random.Chance(0.40)) At(Nearest(here, heart + Wander(300), false), "nursery", "community", area.Name + "托育园", area.NameEn + " Nursery", "Mo-Fr 07:30-18:00", random.From(20, 80));
            if (random.Chance(0.42)) At(Nearest(here, heart + Wander(300), false), "day-care", "community", area.Name + "日间照料中心", area.NameEn + " Day Care", "Mo-Su 08:00-17:00", random.From(15, 50));
            if (random.Chance(0.24)) At(Nearest(here, heart + Wander(400), true), "police-station", "community", area.Name + "警务室", area.NameEn + " Police Room", "24/7", null);
        }
        foreach (var area in administration.Areas)
        {
            if (area.Level != AreaLevel.Street) continue;
            var here = new List<int>();
            foreach (var (id, list) in ofCommunity)
                if (administration.Areas[id - 1].ParentId == area.Id) here.AddRange(list);
            if (here.Count == 0) continue;
            var heart = Heart(here);
            At(Nearest(here, heart, true), "party-centre", "street", area.Name + "党群服务中心", area.NameEn + " Service Centre", "Mo-Su 08:30-21:00", random.From(200, 600));
            At(Nearest(here, heart + Wander(500), true), "municipal-building", "street", area.Name + "办事处", area.NameEn + " Office", "Mo-Fr 08:30-17:30", null);
            At(Nearest(here, heart + Wander(600), true), "youth-centre", "street", area.Name + "青少年活动中心", area.NameEn + " Youth Centre", "Tu-Su 09:00-20:00", random.From(80, 300));
            At(Nearest(here, heart + Wander(600), true), "library", "street", area.Name + "图书馆", area.NameEn + " Library", "Tu-Su 09:00-20:30", random.From(80, 400));
            At(Nearest(here, heart + Wander(700), true), "police-station", "street", area.Name + "派出所", area.NameEn + " Police Station", "24/7", null);
            for (var i = 0; i < 2; i++) At(Nearest(here, heart + Wander(1500), true), "fire-station", "street", namer.Fresh("消防站", ""), " Fire Station", "24/7", random.From(12, 40));
            for (var i = 0; i < 3; i++) At(Nearest(here, heart + Wander(1600), true), "post-office", "street", namer.Fresh("邮政支局", ""), " Post Office", "Mo-Sa 09:00-17:00", null);
            for (var i = 0; i < 2; i++) At(Nearest(here, heart + Wander(1400), true), "sports", "street", namer.Fresh("全民健身中心", ""), " Sports Centre", "Mo-Su 07:00-21:30", random.From(100, 800));
        }
    }

    private void PerBlock()
    {
        var first = new int[blocks.Count];
        Array.Fill(first, -1);
        for (var i = buildings.Count - 1; i >= 0; i--) first[blockOfBuilding[i]] = i;
        for (var k = 0; k < blocks.Count; k++)
        {
            var block = blocks[k];
            if (first[k] >= 0)
            {
                if (block.Use == BlockUse.School) At(first[k], "school", block.Area > 26_000 ? "middle" : "primary", block.Name, block.NameEn, "Mo-Fr 07:30-17:30", random.From(600, 2400));
                else if (block.Use == BlockUse.Hospital) At(first[k], "hospital", random.Chance(0.4) ? "3" : "2", block.Name, block.NameEn, "24/7", random.From(150, 1600));
                else if (block.Use == BlockUse.Market) At(first[k], "market", "", block.Name, block.NameEn, "Mo-Su 05:30-19:00", random.From(60, 260));
                else if (block.Use == BlockUse.Government) At(first[k], "municipal-building", "district", block.Name, block.NameEn, "Mo-Fr 08:30-17:30", null);
                else if (block.Use is BlockUse.Mall or BlockUse.Offices && random.Chance(0.7)) Stand(block.Centre + Wander(18), block.Face, "parking", "", block.Name + "停车场", block.NameEn + " Car Park", "24/7", random.From(80, 1200));
            }
            if (block.Use == BlockUse.Park && block.Name.Length > 0)
            {
                Stand(block.Centre, block.Face, "park", block.Area > 40_000 ? "city" : "neighbourhood", block.Name, block.NameEn, "Mo-Su 05:30-22:00", null);
                if (random.Chance(0.5)) Stand(block.Centre + Wander(30), block.Face, "playground", "", block.Name + "儿童乐园", block.NameEn + " Playground", "Mo-Su 07:00-21:00", null);
                if (random.Chance(0.5)) Stand(block.Centre + Wander(30), block.Face, "public-toilet", "", block.Name + "公厕", block.NameEn + " Public Toilet", "Mo-Su 05:30-22:00", random.From(6, 24));
            }
            if (block.Area > 9000 && block.Use is BlockUse.Park or BlockUse.Square or BlockUse.School && random.Chance(0.4))
                Stand(block.Centre + Wander(12), block.Face, "shelter", "", block.Name + "应急避难场所", block.NameEn + " Emergency Shelter", "24/7", (int)(block.Area / 4));
            if (block.IsCompound && block.Area > 15_000 && random.Chance(0.22))
                Stand(block.Centre + Wander(25), block.Face, "playground", "", block.Name + "儿童活动场", block.NameEn + " Playground", "", null);
        }
        for (var i = 0; i < buildings.Count; i++)
            if (buildings[i].Building.Name.EndsWith("幼儿园", StringComparison.Ordinal))
                At(i, "kindergarten", "", buildings[i].Building.Name, blocks[blockOfBuilding[i]].NameEn + " Kindergarten", "Mo-Fr 07:40-17:00", random.From(120, 420));
    }

    private void Scattered(int grids)
    {
        var rooms = new List<int>();
        var weights = new List<double>();
        var total = 0.0;
        for (var i = 0; i < buildings.Count; i++)
        {
            if (!IsRoom(i, true)) continue;
            rooms.Add(i);
            total += blocks[blockOfBuilding[i]].Use is BlockUse.Mall or BlockUse.Market ? 5 : blocks[blockOfBuilding[i]].IsHousing ? 1.4 : 1;
            weights.Add(total);
        }
        if (rooms.Count == 0) return;
        int Draw()
        {
            var at = weights.BinarySearch(random.Unit() * total);
            return rooms[Math.Min(at < 0 ? ~at : at, rooms.Count - 1)];
        }
        void Strew(double perGrid, string type, string tier, string suffix, string suffixEn, string hours, Func<int?> capacity)
        {
            for (var left = (int)Math.Round(perGrid * grids); left > 0; left--)
                At(Draw(), type, tier, namer.Fresh(suffix, ""), suffixEn, hours, capacity());
        }
        Strew(0.075, "warm-station", "", "暖新驿站", " Warm Station", "Mo-Su 08:00-22:00", () => random.From(8, 40));
        Strew(0.30, "pharmacy", "", "大药房", " Pharmacy", "Mo-Su 08:00-21:30", () => null);
        Strew(0.80, "convenience-store", "", "便利店", " Store", "Mo-Su 07:00-23:00", () => null);
        Strew(0.06, "kindergarten", "", "幼儿园", " Kindergarten", "Mo-Fr 07:40-17:00", () => random.From(120, 360));
        for (var left = (int)(grids * 0.22); left > 0; left--)
        {
            var block = blocks[random.Below(blocks.Count)];
            if (block.Zone is Zone.Fringe or Zone.Industry && random.Chance(0.7)) continue;
            Kerb(block, "public-toilet", "公厕", " Public Toilet", random.From(4, 16));
        }
        for (var left = (int)(grids * 0.55); left > 0; left--) Kerb(blocks[random.Below(blocks.Count)], "litter-barrel", "垃圾收集点", " Litter Point", random.From(2, 8));
        for (var left = (int)(grids * 0.08); left > 0; left--) Kerb(blocks[random.Below(blocks.Count)], "parking", "停车场", " Car Park", random.From(20, 120));
    }

    /// <summary>Bus stops along the wider roads every few hundred metres; the underground under the two old avenues.</summary>
    private void Stops()
    {
        for (var half = 0; half < map.Halves; half += 2)
        {
            var kind = map.Kind(half);
            if (kind > EdgeKind.Collector) continue;
            var a = map.Point(map.Origin(half));
            var b = map.Point(map.Target(half));
            if (!random.Chance(a.To(b) / (kind == EdgeKind.Collector ? 900 : 430))) continue;
            var at = a + (b - a) * random.Between(0.3, 0.7);
            var address = addresses.On(half, at);
            if (address.Length == 0) continue;
            var road = address[..address.IndexOfAny(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])];
            Add("bus-stop", "", road + "站", "Bus Stop", address, "", null, at + (b - a).Unit.Left * (kind.HalfWidth() - 2));
        }
        foreach (var alongX in new[] { true, false })
        {
            var reach = Math.Sqrt(blocks.Max(block => block.Centre.Dot(block.Centre))) * 0.9;
            for (var along = -reach; along < reach; along += 1050)
            {
                var best = -1;
                var nearest = 400.0;
                for (var vertex = 0; vertex < map.Vertices; vertex++)
                {
                    var point = map.Point(vertex);
                    var metres = point.To(alongX ? new(along, 0.065 * reach) : new(0.02 * reach, along));
                    if (map.Degree(vertex) < 4 || metres >= nearest) continue;
                    best = vertex;
                    nearest = metres;
                }
                if (best < 0) continue;
                var (name, nameEn) = namer.Fresh("地铁站", " Metro Station");
                Add("subway-station", "", name, nameEn, "", "Mo-Su 06:00-23:00", null, map.Point(best) + new Vec(14, 14));
            }
        }
    }

    private Vec Wander(double metres) => new(random.Between(-metres, metres), random.Between(-metres, metres));

    private Vec Heart(List<int> here)
    {
        var sum = default(Vec);
        var weight = 1e-6;
        foreach (var i in here)
        {
            var residents = buildings[i].Building.Residents + 0.1;
            sum += buildings[i].Middle * residents;
            weight += residents;
        }
        return sum * (1 / weight);
    }

    private int Nearest(List<int> here, Vec point, bool shops)
    {
        var best = -1;
        var nearest = double.MaxValue;
        for (var pass = 0; pass < 2 && best < 0; pass++)
            foreach (var i in here)
            {
                if (taken.Contains(CityPlane.Snap(buildings[i].Middle)) || (pass == 0 && !IsRoom(i, shops))) continue;
                var metres = buildings[i].Middle.To(point) * (IsRoom(i, true) ? 1 : 2.5);
                if (metres >= nearest) continue;
                nearest = metres;
                best = i;
            }
        return best;
    }

    private void At(int index, string type, string tier, (string Name, string NameEn) name, string suffixEn, string hours, int? capacity) =>
        At(index, type, tier, name.Name, name.NameEn + suffixEn, hours, capacity);

    private void At(int index, string type, string tier, string name, string nameEn, string hours, int? capacity)
    {
        if (index >= 0) Add(type, tier, name, nameEn, buildings[index].Building.Address, hours, capacity, buildings[index].Middle);
    }

    private void Stand(Vec point, int face, string type, string tier, string name, string nameEn, string hours, int? capacity) =>
        Add(type, tier, name, nameEn, addresses.At(point, addresses.Sides(face)), hours, capacity, point);

    private void Kerb(Block block, string type, string suffix, string suffixEn, int capacity)
    {
        var sides = addresses.Sides(block.Face);
        if (sides.Count == 0) return;
        var half = random.Pick(sides);
        var a = map.Point(map.Origin(half));
        var b = map.Point(map.Target(half));
        var at = a + (b - a) * random.Between(0.2, 0.8) + (b - a).Unit.Left * (map.Kind(half).HalfWidth() - 1);
        var address = addresses.On(half, at);
        Add(type, "", address + suffix, suffixEn.Trim(), address, "24/7", capacity, at);
    }

    private void Add(string type, string tier, string name, string nameEn, string address, string hours, int? capacity, Vec point)
    {
        var place = CityPlane.Snap(point);
        if (!taken.Add(place)) return;
        var phone = type is "bus-stop" or "litter-barrel" or "public-toilet" or "playground" or "park" or "shelter" or "parking" or "subway-station" ? "" : namer.Phone();
        facilities.Add(new(facilities.Count + 1, "F" + (facilities.Count + 1).ToString("000000"), name, nameEn, type, tier, address, hours, ServiceItems.Of(type, tier, facilities.Count), capacity, phone, place));
    }
}
