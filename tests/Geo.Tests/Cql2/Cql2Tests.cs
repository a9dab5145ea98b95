using GridMap.Geo.Cql2;
using Shouldly;
using Xunit;

namespace GridMap.Geo.Tests.Cql2;

public class Cql2Tests
{
    [Theory]
    [InlineData("avg = 5", """{"op":"=","args":[{"property":"avg"},5]}""")]
    [InlineData("a = 1 AND b = 2 and c = 3", """{"op":"and","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"=","args":[{"property":"b"},2]},{"op":"=","args":[{"property":"c"},3]}]}""")]
    [InlineData("a=1 OR b=2 AND c=3", """{"op":"or","args":[{"op":"=","args":[{"property":"a"},1]},{"op":"and","args":[{"op":"=","args":[{"property":"b"},2]},{"op":"=","args":[{"property":"c"},3]}]}]}""")]
    [InlineData("NOT a=1 OR TRUE", """{"op":"or","args":[{"op":"not","args":[{"op":"=","args":[{"property":"a"},1]}]},true]}""")]
    [InlineData("name LIKE 'it''s \\'%'", """{"op":"like","args":[{"property":"name"},"it's '%"]}""")]
    [InlineData("\"名称\" IS NOT NULL", """{"op":"not","args":[{"op":"isNull","args":[{"property":"名称"}]}]}""")]
    [InlineData("名称 NOT IN ('a', 'b')", """{"op":"not","args":[{"op":"in","args":[{"property":"名称"},["a","b"]]}]}""")]
    [InlineData("x NOT BETWEEN -1 AND 2.5e1", """{"op":"not","args":[{"op":"between","args":[{"property":"x"},-1,25]}]}""")]
    [InlineData("CASEI(n) = casei('Straße')", """{"op":"=","args":[{"op":"casei","args":[{"property":"n"}]},{"casei":"Straße"}]}""")]
    [InlineData("ACCENTI(CASEI(n)) LIKE ACCENTI(CASEI('é%'))", """{"op":"like","args":[{"op":"accenti","args":[{"op":"casei","args":[{"property":"n"}]}]},{"op":"accenti","args":[{"op":"casei","args":["é%"]}]}]}""")]
    [InlineData("1+2*3^2 = x-1-2", """{"op":"=","args":[{"op":"+","args":[1,{"op":"*","args":[2,{"op":"^","args":[3,2]}]}]},{"op":"-","args":[{"op":"-","args":[{"property":"x"},1]},2]}]}""")]
    [InlineData("(1+2)*3 % 4 div 5 > 0", """{"op":">","args":[{"op":"div","args":[{"op":"%","args":[{"op":"*","args":[{"op":"+","args":[1,2]},3]},4]},5]},0]}""")]
    [InlineData("S_INTERSECTS(geometry, POINT(1 -2))", """{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[1,-2]}]}""")]
    [InlineData("s_within(geometry, BBOX(160.6,-55.95,-170,-25.89))", """{"op":"s_within","args":[{"property":"geometry"},{"bbox":[160.6,-55.95,-170,-25.89]}]}""")]
    [InlineData("S_CROSSES(g, GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(1 2, 3 4)))", """{"op":"s_crosses","args":[{"property":"g"},{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"LineString","coordinates":[[1,2],[3,4]]}]}]}""")]
    [InlineData("S_EQUALS(g, MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5))))", """{"op":"s_equals","args":[{"property":"g"},{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]}]}""")]
    [InlineData("S_TOUCHES(g, MULTIPOINT((1 2), 3 4))", """{"op":"s_touches","args":[{"property":"g"},{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}]}""")]
    [InlineData("S_DISJOINT(g, POINT Z (1 2 3))", """{"op":"s_disjoint","args":[{"property":"g"},{"type":"Point","coordinates":[1,2,3]}]}""")]
    [InlineData("S_DISJOINT(g, POINTZ(1 2 3))", """{"op":"s_disjoint","args":[{"property":"g"},{"type":"Point","coordinates":[1,2,3]}]}""")]
    [InlineData("T_DURING(INTERVAL(a, '..'), INTERVAL('2026-01-01', '2026-12-31'))", """{"op":"t_during","args":[{"interval":[{"property":"a"},".."]},{"interval":["2026-01-01","2026-12-31"]}]}""")]
    [InlineData("T_FinishedBy(INTERVAL('..','2026-01-01T00:00:00Z'), INTERVAL('..', b))", """{"op":"t_finishedBy","args":[{"interval":["..","2026-01-01T08:00:00+08:00"]},{"interval":["..",{"property":"b"}]}]}""")]
    [InlineData("t > TIMESTAMP('2026-01-01T00:00:00.5Z') AND d <= DATE('2026-02-28')", """{"op":"and","args":[{"op":">","args":[{"property":"t"},{"timestamp":"2026-01-01T00:00:00.5Z"}]},{"op":"<=","args":[{"property":"d"},{"date":"2026-02-28"}]}]}""")]
    [InlineData("A_CONTAINS(tags, ('a', 1, TRUE, ()))", """{"op":"a_contains","args":[{"property":"tags"},["a",1,true,[]]]}""")]
    [InlineData("year(t) = 2026 AND near(geometry)", """{"op":"and","args":[{"op":"=","args":[{"op":"year","args":[{"property":"t"}]},2026]},{"function":{"name":"near","args":[{"property":"geometry"}]}}]}""")]
    public void Text_and_JSON_say_the_same(string text, string json)
    {
        var (one, other) = (Cql2Text.Read(text), Cql2Json.Read(json));
        one.Detail.ShouldBeNull();
        other.Detail.ShouldBeNull();
        one.Expression!.ToString().ShouldBe(other.Expression!.ToString());
    }

    [Theory]
    [InlineData("", Cql2Reasons.Empty)]
    [InlineData("   ", Cql2Reasons.Empty)]
    [InlineData("a =", Cql2Reasons.Unreadable)]
    [InlineData("a = 1 b", Cql2Reasons.Unreadable)]
    [InlineData("a = 'x", Cql2Reasons.Unreadable)]
    [InlineData("a ! 1", Cql2Reasons.Unreadable)]
    [InlineData("a = 1; DROP TABLE areas", Cql2Reasons.Unreadable)]
    [InlineData("a IN ()", Cql2Reasons.Unreadable)]
    [InlineData("a = NULL", Cql2Reasons.Unreadable)]
    [InlineData("a = 1e999", Cql2Reasons.Number)]
    [InlineData("a = 'x\0y'", Cql2Reasons.Text)]
    [InlineData("S_INTERSECTS(g, POINT(1))", Cql2Reasons.Unreadable)]
    [InlineData("S_INTERSECTS(g, POLYGON((0 0,1 1,0 0)))", Cql2Reasons.Geometry)]
    [InlineData("S_INTERSECTS(g, POLYGON((0 0,1 1,2 0,3 0)))", Cql2Reasons.Geometry)]
    [InlineData("S_INTERSECTS(g)", Cql2Reasons.Arguments)]
    [InlineData("S_INTERSECTS(g, BBOX(1,2,3))", Cql2Reasons.Geometry)]
    [InlineData("t = DATE('2026-02-30')", Cql2Reasons.Time)]
    [InlineData("t = TIMESTAMP('2026-02-01')", Cql2Reasons.Time)]
    [InlineData("T_DURING(INTERVAL('2026-02-01','2026-01-01'), x)", Cql2Reasons.Time)]
    public void What_is_wrong_has_a_reason(string text, string reason)
    {
        var read = Cql2Text.Read(text);
        read.Reason.ShouldBe(reason);
        read.Detail.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("""{"op":"=","args":[{"property":"a"},null]}""")]
    [InlineData("""{"op":"=","args":[{"property":"a"}]}""")]
    [InlineData("""{"op":5}""")]
    [InlineData("""{"op":"=","args":[{"property":"\ud800"},1]}""")]
    [InlineData("""{"op":"=","args":[{"property":"a"},1e999]}""")]
    [InlineData("""{"colour":"red"}""")]
    [InlineData("""[1,2""")]
    [InlineData("nonsense")]
    [InlineData("")]
    public void Wrong_JSON_has_a_reason(string json) => Cql2Json.Read(json).IsRead.ShouldBeFalse();

    [Fact]
    public void Depth_is_refused_and_never_felt()
    {
        foreach (var deep in new[]
        {
            new string('(', 10_000) + "a=1" + new string(')', 10_000), string.Concat(Enumerable.Repeat("NOT ", 10_000)) + "a=1", "a=" + string.Join('+', Enumerable.Repeat("1", 10_000)),
            "a=" + string.Join('^', Enumerable.Repeat("1", 10_000)), string.Concat(Enumerable.Repeat("CASEI(", 8_000)), string.Concat(Enumerable.Repeat("GEOMETRYCOLLECTION(", 3_000)),
        })
            Cql2Text.Read(deep).Reason.ShouldBe(Cql2Reasons.TooDeep, deep[..20]);
        Cql2Text.Read(string.Concat(Enumerable.Repeat("-", 10_000)) + "1 = a").IsRead.ShouldBeTrue("signs are not levels");
        Cql2Json.Read(string.Concat(Enumerable.Repeat("""{"op":"not","args":[""", 2_000)) + "true" + string.Concat(Enumerable.Repeat("]}", 2_000))).Reason.ShouldBe(Cql2Reasons.TooDeep);
        Cql2Json.Read(new string('[', 30_000) + new string(']', 30_000)).Reason.ShouldBe(Cql2Reasons.TooDeep);
        Cql2Text.Read(new string('a', 70_000)).Reason.ShouldBe(Cql2Reasons.TooLong);
        Cql2Text.Read(string.Join(" OR ", Enumerable.Repeat("a=1", 5_000))).IsRead.ShouldBeTrue("a chain is one level");
    }

    [Fact]
    public void Whatever_is_sent_is_a_tree_or_a_reason()
    {
        var random = new Random(20260301);
        string[] pieces =
        [
            "a", "\"b c\"", "'x'", "'it''s'", "1", "-2.5e3", ".5", "=", "<>", "<=", "<", "AND", "or", "NOT", "IS", "NULL", "LIKE", "BETWEEN", "IN", "(", ")", "(", ")", ",", "+", "-", "*", "/", "%", "^",
            "div", "TRUE", "CASEI(", "ACCENTI(", "S_INTERSECTS(", "T_DURING(", "A_OVERLAPS(", "INTERVAL(", "DATE('2026-01-01')", "TIMESTAMP('2026-01-01T00:00:00Z')", "'..'", "POINT(1 2)", "POLYGON((0 0,1 0,1 1,0 0))",
            "BBOX(1,2,3,4)", "MULTIPOINT", "GEOMETRYCOLLECTION(", "foo(", "名", "'", "\"", "\\'", "\0", "\ud83d", "😀", "é", "§", "isNull(", "{", "}", "[", "]", ":", "\"op\":", "\"args\":", "\"property\":", "null",
        ];
        var (read, refused) = (0, 0);
        for (var n = 0; n < 60_000; n++)
        {
            var text = n % 3 == 0
                ? new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(0, random.Next(2) == 0 ? 128 : 0x10000))])
                : string.Join(random.Next(4) == 0 ? "" : " ", Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)]));
            foreach (var result in new[] { Cql2Text.Read(text), Cql2Json.Read(text) })
            {
                if (result.IsRead) read++;
                else refused++;
                (result.IsRead || (result.Reason.StartsWith("filter.", StringComparison.Ordinal) && result.Detail.Length > 0)).ShouldBeTrue(text);
            }
        }
        read.ShouldBeGreaterThan(1_000);
        refused.ShouldBeGreaterThan(10_000);
    }
}
