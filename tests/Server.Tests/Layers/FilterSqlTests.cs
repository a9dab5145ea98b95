using GridMap.Geo.Cql2;
using GridMap.Server.Databases;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using Npgsql;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Layers;

/// <summary>Filters run against the database beside conditions that were written by hand.</summary>
public sealed class FilterSqlTests(SmallCity city) : IClassFixture<SmallCity>
{
    private static readonly Layer Buildings = GridMap.Server.Buildings.BuildingLayer.Layer, Grids = GridMap.Server.Grids.GridLayer.Layer,
        Incidents = GridMap.Server.Incidents.IncidentLayer.Layer, Facilities = GridMap.Server.Facilities.FacilityLayer.Layer, Areas = GridMap.Server.Areas.AreaLayer.Layer;

    [DatabaseFact]
    public async Task Arithmetic_is_as_quick_as_the_numbers_allow_and_always_the_same()
    {
        const string numbers = "'-Infinity', -1e308, -1e200, -1e16, -1234567, -7.5, -3, -1, -1e-160, -1e-320, 0, 1e-320, 1e-160, 1e-7, 0.1, 1, 2, 2.5, 3, 10, 25, 26, 1e6, 1e7, 999999999999999, 1e15, 1e16, 1e149, 1e155, 1e308, 'Infinity', 'NaN'";
        (await city.Scratch.Scalar<string>($"""
            SELECT string_agg(concat_ws(' ', a, operator, b), '; ')
            FROM unnest(ARRAY[{numbers}]::double precision[]) AS a, unnest(ARRAY[{numbers}]::double precision[]) AS b, unnest(ARRAY['+', '-', '*', '/', '^', '%', 'div']) AS operator
            WHERE calculate(operator, a, b) IS DISTINCT FROM calculate_with_care(operator, a, b)
            """)).ShouldBeNull();
    }

    [DatabaseTheory]
    [InlineData("use = 'office'", "use = 'office'")]
    [InlineData("use <> 'office' AND residents >= 30", "use <> 'office' AND residents >= 30")]
    [InlineData("NOT (compoundId = 1)", "compound_id <> 1")]
    [InlineData("NOT (heightMetres > 3)", "false")]
    [InlineData("heightMetres IS NULL", "true")]
    [InlineData("compoundId IS NOT NULL", "compound_id IS NOT NULL")]
    [InlineData("TRUE", "true")]
    [InlineData("NOT FALSE AND id > 5", "id > 5")]
    [InlineData("name LIKE '1号%'", "name LIKE '1号%'")]
    [InlineData("name NOT LIKE '_号楼'", "name NOT LIKE '_号楼'")]
    [InlineData("code LIKE 'B\\-0%'", "code LIKE 'B-0%'")]
    [InlineData("floors BETWEEN 6 AND 20", "true")]
    [InlineData("floors NOT BETWEEN 6 AND 19", "floors = 20")]
    [InlineData("code IN ('B-0-0-1', 'B-office', 'none')", "code IN ('B-0-0-1', 'B-office')")]
    [InlineData("floors IN (5 + 1, 7)", "floors = 6")]
    [InlineData("floors + 1 IN (6 + 1, 7.5, 20, 21)", "true")]
    [InlineData("floors NOT IN (6, 5.5, residents / 0)", "false")]
    [InlineData("CASEI(code) IN (CASEI('B-OFFICE'), use, 'b-0-0-1')", "code IN ('B-office', 'B-0-0-1')")]
    [InlineData("(use = 'office') IN (FALSE, floors > 30)", "use <> 'office'")]
    [InlineData("CASEI(code) = CASEI('b-OFFICE')", "code = 'B-office'")]
    [InlineData("CASEI(use) LIKE CASEI('OFF%')", "use = 'office'")]
    [InlineData("elderly + children = residents - 20", "residents = 30")]
    [InlineData("households = elderly + children", "residents IN (0, 30)")]
    [InlineData("residents / households > 2.5", "residents = 30")]
    [InlineData("residents / households IS NULL", "residents = 0")]
    [InlineData("floors % 7 = 6 AND floors div 4 = 5", "floors = 20")]
    [InlineData("floors ^ 2 = 400", "floors = 20")]
    [InlineData("floors ^ 1e6 > 1", "false")]
    [InlineData("floors * 1e308 * 1e308 > 1", "false")]
    [InlineData("S_INTERSECTS(geometry, POINT(119.955 31.785))", "code = 'B-office'")]
    [InlineData("S_INTERSECTS(geometry, BBOX(119.94,31.77,119.95,31.78))", "code LIKE 'B-0-0-%'")]
    [InlineData("S_WITHIN(geometry, BBOX(119.94,31.77,119.95,31.78))", "code LIKE 'B-0-0-%'")]
    [InlineData("S_DISJOINT(geometry, POLYGON((119.94 31.77,119.95 31.77,119.95 31.78,119.94 31.78,119.94 31.77)))", "code NOT LIKE 'B-0-0-%'")]
    [InlineData("S_CROSSES(geometry, LINESTRING(119.94 31.785, 119.97 31.785))", "code = 'B-office'")]
    [InlineData("S_INTERSECTS(geometry, LINESTRING(119.94 31.785, 119.97 31.785))", "code = 'B-office'")]
    [InlineData("S_CONTAINS(geometry, POINT(119.955 31.785))", "code = 'B-office'")]
    [InlineData("S_EQUALS(geometry, BBOX(119.9549, 31.7849, 119.9551, 31.7851))", "code = 'B-office'")]
    [InlineData("S_OVERLAPS(geometry, BBOX(119.955, 31.785, 119.956, 31.786))", "code = 'B-office'")]
    [InlineData("S_TOUCHES(geometry, BBOX(119.9551, 31.78, 119.96, 31.79))", "code = 'B-office'")]
    [InlineData("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(119.955 31.785), POINT(119.942 31.772)))", "code IN ('B-office', 'B-0-0-1')")]
    [InlineData("S_INTERSECTS(geometry, BBOX(170,-10,-170,60))", "false")]
    [InlineData("S_INTERSECTS(geometry, geometry)", "true")]
    [InlineData("S_WITHIN(POINT(1 1), BBOX(0,0,2,2))", "true")]
    [InlineData("A_EQUALS((use, use), ('office'))", "use = 'office'")]
    [InlineData("A_CONTAINS((use, floors), (20))", "floors = 20")]
    [InlineData("A_CONTAINEDBY((use, floors), ('office', 20.0, TRUE, 'x'))", "use = 'office'")]
    [InlineData("A_OVERLAPS((use, 'x'), ('office', '20'))", "use = 'office'")]
    [InlineData("A_CONTAINS(area_chain(areaId), (4))", "area_id = 7")]
    [InlineData("A_EQUALS(area_chain(areaId), area_chain(7))", "area_id = 7")]
    [InlineData("A_CONTAINS(area_chain(areaId * 1000), (1)) OR A_CONTAINS(area_chain(areaId / 0), (1))", "FALSE")]
    [InlineData("A_EQUALS((), ())", "true")]
    [InlineData("A_CONTAINS(((1,2), 3), ((2,1), 3.0))", "true")]
    [InlineData("distance_metres(geometry, POINT(119.955 31.785)) = 0", "code = 'B-office'")]
    [InlineData("within_metres(geometry, POINT(119.955 31.785), 100)", "code = 'B-office'")]
    [InlineData("within_metres(geometry, POINT(119.955 31.785), -1)", "false")]
    [InlineData("area_square_metres(geometry) > 300", "ST_Area(geom::geography) > 300")]
    [InlineData("length_metres(geometry) BETWEEN 70 AND 90", "ST_Perimeter(geom::geography) BETWEEN 70 AND 90")]
    [InlineData("char_length(code) = 8", "length(code) = 8")]
    [InlineData("abs(floors - 20) < 1 OR floor(floors / 4) = ceil(0.5)", "true")]
    public async Task Buildings_are_those_of_the_condition_beside_it(string cql, string sql) => await Same(Buildings, cql, $"FROM buildings WHERE {sql}");

    [DatabaseTheory]
    [InlineData("validTo IS NULL AND net = 'base'", "valid_to = 'infinity' AND nets.code = 'base'")]
    [InlineData("validTo < TIMESTAMP('2030-01-01T00:00:00Z')", "valid_to < 'infinity'")]
    [InlineData("T_CONTAINS(INTERVAL(validFrom, validTo), INTERVAL('2021-01-01', '2022-01-01'))", "valid_from < '2021-01-01' AND valid_to > '2022-01-02'")]
    [InlineData("T_FINISHEDBY(INTERVAL(validFrom, validTo), INTERVAL('2026-01-01T00:00:00Z', '..'))", "valid_to = 'infinity'")]
    [InlineData("T_STARTS(INTERVAL(validFrom, validTo), INTERVAL('2024-12-31T16:00:00Z', '..'))", "false")]
    [InlineData("T_EQUALS(INTERVAL(validFrom, validTo), INTERVAL('2024-12-31T16:00:00Z', '..'))", "valid_from = '2024-12-31T16:00:00Z' AND valid_to = 'infinity'")]
    [InlineData("T_MEETS(INTERVAL(validFrom, validTo), INTERVAL('2024-12-31T16:00:00Z', '..'))", "valid_to = '2024-12-31T16:00:00Z'")]
    [InlineData("T_METBY(INTERVAL('2024-12-31T16:00:00Z', '..'), INTERVAL(validFrom, validTo))", "valid_to = '2024-12-31T16:00:00Z'")]
    [InlineData("T_OVERLAPS(INTERVAL(validFrom, validTo), INTERVAL('2022-01-01','2030-01-01'))", "valid_from < '2022-01-01' AND valid_to > '2022-01-01' AND valid_to < '2030-01-01'")]
    [InlineData("T_OVERLAPPEDBY(INTERVAL(validFrom, validTo), INTERVAL('2022-01-01','2026-01-01'))", "valid_from = '2024-12-31T16:00:00Z' AND valid_to = 'infinity'")]
    [InlineData("T_DURING(INTERVAL(validFrom, validTo), INTERVAL('2010-01-01','2026-01-01'))", "valid_to = '2024-12-31T16:00:00Z'")]
    [InlineData("T_STARTEDBY(INTERVAL(validFrom, validTo), INTERVAL('2019-12-31T16:00:00Z','2020-06-01T00:00:00Z'))", "valid_from = '2019-12-31T16:00:00Z'")]
    [InlineData("T_FINISHES(INTERVAL(validFrom, validTo), INTERVAL('2010-01-01T00:00:00Z','2024-12-31T16:00:00Z'))", "valid_to = '2024-12-31T16:00:00Z'")]
    [InlineData("T_DISJOINT(INTERVAL(validFrom, validTo), INTERVAL('2026-01-01', '2026-02-01'))", "valid_to < '2026-01-01'")]
    [InlineData("T_INTERSECTS(INTERVAL(validFrom, validTo), DATE('2024-12-31'))", "valid_from < '2025-01-01' AND valid_to >= '2024-12-31'")]
    [InlineData("T_AFTER(validFrom, DATE('2021-01-01'))", "valid_from >= '2021-01-02'")]
    [InlineData("T_BEFORE(INTERVAL(validFrom, validTo), TIMESTAMP('2026-01-01T00:00:00Z'))", "valid_to < '2026-01-01'")]
    [InlineData("net = kind AND name LIKE '%旧%'", "t.name LIKE '%旧%'")]
    public async Task Grids_are_those_of_the_condition_beside_it(string cql, string sql) => await Same(Grids, cql, $"FROM grids AS t JOIN nets ON nets.id = t.net_id WHERE {sql}");

    [DatabaseTheory]
    [InlineData("reportedAt > DATE('2026-03-05')", "reported_at >= '2026-03-06'")]
    [InlineData("reportedAt = DATE('2026-03-05')", "reported_at >= '2026-03-05' AND reported_at < '2026-03-06'")]
    [InlineData("DATE('2026-03-05') >= reportedAt", "reported_at < '2026-03-06'")]
    [InlineData("reportedAt <> DATE('2026-03-05')", "reported_at < '2026-03-05' OR reported_at >= '2026-03-06'")]
    [InlineData("closedAt > dueAt OR closedAt IS NULL", "closed_at > due_at OR closed_at IS NULL")]
    [InlineData("NOT (closedAt > dueAt)", "closed_at <= due_at")]
    [InlineData("reportedAt IN (DATE('2026-03-05'), TIMESTAMP('2026-03-09T00:00:00Z'))", "reported_at::date = '2026-03-05' OR reported_at = '2026-03-09'")]
    [InlineData("hour(reportedAt) = 8 AND day_of_week(reportedAt) <= 5", "extract(hour FROM reported_at AT TIME ZONE 'Asia/Shanghai') = 8 AND extract(isodow FROM reported_at AT TIME ZONE 'Asia/Shanghai') <= 5")]
    [InlineData("year(reportedAt) = 2026 AND month(reportedAt) = 2", "number LIKE '202602%'")]
    public async Task Incidents_are_those_of_the_condition_beside_it(string cql, string sql) => await Same(Incidents, cql, $"FROM incidents WHERE {sql}");

    [DatabaseFact]
    public async Task Case_and_accents_fold_in_any_script()
    {
        string[] names = ["Straße", "STRASSE", "Οδος", "ΟΔΟΣ", "Chișinău", "Chisinau", "København", "Kobenhavn", "Việt Nam", "Viet Nam", "лес", "ЛЕС", "桂花", "ㅎㅏㄴ", "한글"];
        foreach (var name in names)
            await city.Scratch.Execute($"INSERT INTO facilities (code, name, type, geom) VALUES ('FOLD-{Array.IndexOf(names, name)}', '{name}', 'pharmacy', 'SRID=4326;POINT(119.951 31.781)')");
        (await Names("CASEI(name) = CASEI('straSSE')")).ShouldBe(["STRASSE", "Straße"], ignoreOrder: true);
        (await Names("CASEI(name) IN (CASEI('οδοΣ'), CASEI('лЕс'))")).ShouldBe(["Οδος", "ΟΔΟΣ", "лес", "ЛЕС"], ignoreOrder: true);
        (await Names("ACCENTI(name) = ACCENTI('chișinău') OR ACCENTI(CASEI(name)) = ACCENTI(CASEI('chișinău'))")).ShouldBe(["Chișinău", "Chisinau"], ignoreOrder: true);
        (await Names("ACCENTI(name) = ACCENTI('Kobenhavn')")).ShouldBe(["København", "Kobenhavn"], ignoreOrder: true);
        (await Names("ACCENTI(name) LIKE ACCENTI('Việt%')")).ShouldBe(["Việt Nam", "Viet Nam"], ignoreOrder: true);
        (await Names("ACCENTI(name) = ACCENTI('한글')")).ShouldBe(["한글"]);
        await city.Scratch.Execute("DELETE FROM facilities WHERE code LIKE 'FOLD-%'");

        async Task<List<string>> Names(string cql)
        {
            var where = FilterSql.Translate(Cql2Text.Read(cql).Expression!, Facilities, AskedCrs.Default);
            return await city.Server.Database.Query(Sql.Of($"SELECT name FROM facilities AS t WHERE {where} AND t.code LIKE 'FOLD-%'"), row => row.GetString(0), default);
        }
    }

    [DatabaseTheory]
    [InlineData("EPSG:4326", "S_INTERSECTS(geometry, POINT(31.785 119.955))")]
    [InlineData("EPSG:4490", "S_INTERSECTS(geometry, BBOX(31.7849, 119.9549, 31.7851, 119.9551))")]
    [InlineData("EPSG:3857", "S_INTERSECTS(geometry, POINT(13353329.5 3735121.5))")]
    [InlineData("EPSG:4549", "S_INTERSECTS(geometry, POINT(3518013.1 495737.9))")]
    [InlineData("EPSG:32651", "S_INTERSECTS(geometry, BBOX(211600, 3520600, 211700, 3520700))")]
    public async Task Geometries_are_read_in_the_crs_of_the_filter(string crs, string cql)
    {
        KnownCrsOf(crs, out var known);
        var where = FilterSql.Translate(Cql2Text.Read(cql).Expression!, Buildings, new AskedCrs(known));
        var (x, y) = new AskedCrs(known).FromLonLat(119.955, 31.785);
        var codes = await city.Server.Database.Query(Sql.Of($"SELECT code FROM buildings AS t WHERE {where}"), row => row.GetString(0), default);
        codes.ShouldBe(["B-office"], $"the office lies at {x} {y}");
    }

    [Theory]
    [InlineData("colour = 'red'", "colour")]
    [InlineData("floors = 'six'", "kind")]
    [InlineData("name > 5", "kind")]
    [InlineData("name + 1 = 2", "number")]
    [InlineData("floors", "condition")]
    [InlineData("floors AND TRUE", "condition")]
    [InlineData("S_INTERSECTS(geometry, name)", "geometry")]
    [InlineData("geometry = POINT(1 2)", "compare")]
    [InlineData("S_INTERSECTS(geometry, POINT(500 2))", "coordinates")]
    [InlineData("S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))", "valid")]
    [InlineData("T_DURING(name, INTERVAL('2026-01-01','2026-02-01'))", "interval")]
    [InlineData("name LIKE 'a\\\\\\'", "pattern")]
    [InlineData("name LIKE code", "LIKE")]
    [InlineData("castle(name)", "castle")]
    [InlineData("char_length(name, 2) = 1", "arguments")]
    [InlineData("name BETWEEN 1 AND 2", "kind")]
    public void What_does_not_fit_is_refused(string cql, string word, string? _ = null)
    {
        if (cql.EndsWith("'a\\'", StringComparison.Ordinal)) cql = "name LIKE 'a\\\\\\'''"; // in CQL2 text \' is a quote
        var read = Cql2Text.Read(cql);
        if (word == "pattern") read = Cql2Json.Read("""{"op":"like","args":[{"property":"name"},"a\\"]}""");
        read.Detail.ShouldBeNull();
        var refused = Should.Throw<Refused>(() => FilterSql.Translate(read.Expression!, Buildings, AskedCrs.Default));
        refused.Errors!.Single().Field.ShouldBe("filter");
        refused.Errors!.Single().Expected.ShouldContain(word);
    }

    [DatabaseFact]
    public async Task Random_filters_select_what_the_same_condition_in_SQL_selects()
    {
        var random = new RandomFilter(new Random(7));
        var (hits, all) = (0, 300);
        for (var n = 0; n < all; n++)
        {
            var (cql, sql) = random.Condition(4);
            hits += await Same(Buildings, cql, $"FROM buildings AS t WHERE {sql}") is > 0 and < SmallCity.Buildings ? 1 : 0;
        }
        hits.ShouldBeGreaterThan(all / 10, "enough random filters must select some buildings and not others");
    }

    private async Task<int> Same(Layer layer, string cql, string handWritten)
    {
        var read = Cql2Text.Read(cql);
        read.Detail.ShouldBeNull(cql);
        var where = FilterSql.Translate(read.Expression!, layer, AskedCrs.Default);
        var ids = await city.Server.Database.Query(Sql.Of($"SELECT t.id FROM {Sql.Trusted(layer.From)} WHERE {where} ORDER BY t.id"), row => row.GetInt64(0), default);
        var id = handWritten.Contains(" AS t", StringComparison.Ordinal) ? "t.id" : "id";
        await using var command = city.Scratch.Source.CreateCommand($"SELECT {id} {handWritten} ORDER BY 1");
        var expected = new List<long>();
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) expected.Add(reader.GetInt64(0));
        }
        ids.ShouldBe(expected, cql);
        return ids.Count;
    }

    private static void KnownCrsOf(string name, out GridMap.Geo.Projections.KnownCrs known) => GridMap.Geo.Projections.KnownCrs.TryParse(name, out known!).ShouldBeTrue();
}
