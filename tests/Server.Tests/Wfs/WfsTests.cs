using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using GridMap.Geo.Projections;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Wfs;

/// <summary>WFS 2.0 as OGC 09-025r2 and 09-026r2 say it; what comes back is compared with the tables.</summary>
public sealed class WfsTests(SmallCity city) : IClassFixture<SmallCity>
{
    private static readonly XNamespace Wfs = "http://www.opengis.net/wfs/2.0", Gml = "http://www.opengis.net/gml/3.2", Ows = "http://www.opengis.net/ows/1.1", App = "urn:x-gridmap:features:1",
        Xs = "http://www.w3.org/2001/XMLSchema";

    private const string Get = "/wfs?service=WFS&version=2.0.0&request=GetFeature";

    [DatabaseFact]
    public async Task A_CRS_is_taken_where_the_capabilities_list_it_and_under_ogc_alike()
    {
        var capabilities = XDocument.Parse(await city.Anyone.GetStringAsync("/wfs?service=WFS&request=GetCapabilities"));
        var type = capabilities.Descendants(Wfs + "FeatureType").Single(type => type.Element(Wfs + "Name")!.Value == "gridmap:facilities");
        var listed = type.Elements().Where(element => element.Name.LocalName is "DefaultCRS" or "OtherCRS").Select(element => element.Value).ToHashSet();
        var ogc = (await city.Anyone.Json("/ogc/collections/facilities")).At("crs").EnumerateArray().Select(crs => crs.GetString()!).ToHashSet();
        listed.Count.ShouldBe(ogc.Count);
        listed.ShouldContain("urn:ogc:def:crs:EPSG::4549");
        foreach (var crs in KnownCrs.Epsg)
        {
            var urn = $"urn:ogc:def:crs:EPSG::{crs.Srid}";
            ogc.Contains(crs.Uri).ShouldBe(listed.Contains(urn), urn);
            using var answer = await city.Anyone.GetAsync($"{Get}&typeNames=facilities&count=1&srsName={urn}");
            ((int)answer.StatusCode).ShouldBe(listed.Contains(urn) ? 200 : 400, urn);
        }
        foreach (var elsewhere in new[]
        {
            "bbox=1,1,2,2,urn:ogc:def:crs:EPSG::4508",
            $"filter={Uri.EscapeDataString("<fes:Filter xmlns:fes='http://www.opengis.net/fes/2.0' xmlns:gml='http://www.opengis.net/gml/3.2'><fes:BBOX><gml:Envelope srsName='EPSG:4508'><gml:lowerCorner>1 1</gml:lowerCorner><gml:upperCorner>2 2</gml:upperCorner></gml:Envelope></fes:BBOX></fes:Filter>")}",
        })
            (await city.Anyone.Text($"{Get}&typeNames=facilities&{elsewhere}")).ShouldContain("the name of a CRS in the capabilities");
    }

    [DatabaseTheory]
    [InlineData("service=WFS&request=GetCapabilities&acceptVersions=1.1.0", 400, "VersionNegotiationFailed", "acceptVersions")]
    [InlineData("service=WFS&request=GetCapabilities&acceptVersions=1.1.0,1.0.0", 400, "VersionNegotiationFailed", "acceptVersions")]
    [InlineData("request=GetCapabilities", 400, "MissingParameterValue", "service")]
    [InlineData("service=WMS&request=GetCapabilities", 400, "InvalidParameterValue", "service")]
    [InlineData("service=WFS&version=2.0.0", 400, "MissingParameterValue", "request")]
    [InlineData("service=WFS&version=2.0.0&request=Nonsense", 400, "InvalidParameterValue", "request")]
    [InlineData("service=WFS&version=2.0.0&request=Transaction", 400, "OperationNotSupported", "Transaction")]
    [InlineData("service=WFS&version=1.1.0&request=GetFeature&typeName=grids", 400, "InvalidParameterValue", "version")]
    [InlineData("service=WFS&request=GetFeature&typeNames=grids", 400, "MissingParameterValue", "version")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature", 400, "MissingParameterValue", "typeNames")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=secrets", 400, "InvalidParameterValue", "typeNames")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=grids,areas", 400, "OptionNotSupported", "typeNames")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=grids&count=-1", 400, "InvalidParameterValue", "count")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=grids&startIndex=x", 400, "InvalidParameterValue", "startIndex")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=grids&resultType=some", 400, "InvalidParameterValue", "resultType")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=grids&outputFormat=image/png", 400, "InvalidParameterValue", "outputFormat")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=grids&srsName=EPSG:27700", 400, "InvalidParameterValue", "srsName")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=grids&sortBy=nothing", 400, "InvalidParameterValue", "sortBy")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=grids&propertyName=nothing", 400, "InvalidParameterValue", "propertyName")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=grids&bbox=1,2,3", 400, "InvalidParameterValue", "bbox")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=grids&bbox=119,31,120,32", 400, "InvalidParameterValue", "bbox")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=grids&bbox=NaN,31,120,32,EPSG:4326", 400, "InvalidParameterValue", "bbox")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=grids&filter=<x", 400, "OperationParsingFailed", "filter")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&storedQuery_Id=urn:other", 400, "InvalidParameterValue", "storedQuery_Id")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&storedQuery_Id=urn:ogc:def:query:OGC-WFS::GetFeatureById&id=grids.999", 404, "NotFound", "id")]
    [InlineData("service=WFS&version=2.0.0&request=GetPropertyValue&typeNames=grids", 400, "MissingParameterValue", "valueReference")]
    [InlineData("service=WFS&version=2.0.0&request=GetPropertyValue&typeNames=grids&valueReference=", 400, "InvalidParameterValue", "valueReference")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=grids&resourceId=grids.1,areas.1", 400, "InvalidParameterValue", "RESOURCEID")]
    [InlineData("service=WFS&version=2.0.0&request=GetFeature&typeNames=grids&filter=<fes:Filter><fes:ResourceId rid='areas.1'/></fes:Filter>", 400, "InvalidParameterValue", "RESOURCEID")]
    [InlineData("service=WFS&version=2.0.0&request=DescribeFeatureType&typeNames=secrets", 400, "InvalidParameterValue", "typeNames")]
    public async Task A_wrong_request_is_refused_with_the_code_of_the_standard(string query, int status, string code, string locator) =>
        await Refused(await city.Anyone.GetAsync($"/wfs?{query}"), status, code, locator);

    [DatabaseFact]
    public async Task Capabilities_answer_the_versions_that_are_accepted()
    {
        foreach (var (accept, version) in new[] { ("", "2.0.0"), ("&acceptVersions=2.0.2", "2.0.2"), ("&acceptVersions=3.0.0,2.0.0,1.1.0", "2.0.0"), ("&version=1.1.0", "2.0.0") })
        {
            var root = await Xml($"/wfs?SERVICE=WFS&Request=GetCapabilities{accept}&vendor=ignored");
            root.Attribute("version")!.Value.ShouldBe(version);
            foreach (var operation in new[] { "GetFeature", "GetPropertyValue" })
                root.Descendants(Ows + "Operation").Single(known => known.Attribute("name")!.Value == operation).Elements(Ows + "Parameter").Single(known => known.Attribute("name")!.Value == "resolve")
                    .Descendants(Ows + "Value").Select(value => value.Value).ShouldBe(["none", "local"]);
            root.Descendants(Wfs + "FeatureType").Count().ShouldBe(9);
            root.Descendants(Wfs + "FeatureType").ShouldAllBe(type => type.Element(Wfs + "DefaultCRS")!.Value == "urn:ogc:def:crs:EPSG::4326");
        }
    }

    [DatabaseTheory]
    [InlineData("grids", "<fes:PropertyIsEqualTo><fes:ValueReference>kind</fes:ValueReference><fes:Literal>special</fes:Literal></fes:PropertyIsEqualTo>", "kind = 'special'")]
    [InlineData("grids", "<fes:PropertyIsEqualTo><fes:Literal>special</fes:Literal><fes:ValueReference>gridmap:kind</fes:ValueReference></fes:PropertyIsEqualTo>", "kind = 'special'")]
    [InlineData("grids", "<fes:PropertyIsEqualTo matchCase='false'><fes:ValueReference>kind</fes:ValueReference><fes:Literal>SPECIAL</fes:Literal></fes:PropertyIsEqualTo>", "kind = 'special'")]
    [InlineData("buildings", "<fes:PropertyIsGreaterThan><fes:ValueReference>buildings/residents</fes:ValueReference><fes:Literal>0</fes:Literal></fes:PropertyIsGreaterThan>", "residents > 0")]
    [InlineData("buildings", "<fes:PropertyIsBetween><fes:ValueReference>residents</fes:ValueReference><fes:LowerBoundary><fes:Literal>1</fes:Literal></fes:LowerBoundary><fes:UpperBoundary><fes:Literal>30</fes:Literal></fes:UpperBoundary></fes:PropertyIsBetween>", "residents BETWEEN 1 AND 30")]
    [InlineData("buildings", "<fes:PropertyIsLike wildCard='*' singleChar='.' escapeChar='!'><fes:ValueReference>code</fes:ValueReference><fes:Literal>B-0-.-*</fes:Literal></fes:PropertyIsLike>", "code LIKE 'B-0-_-%'")]
    [InlineData("buildings", "<fes:PropertyIsLike wildCard='*' singleChar='.' escapeChar='!'><fes:ValueReference>code</fes:ValueReference><fes:Literal>%</fes:Literal></fes:PropertyIsLike>", "FALSE")]
    [InlineData("incidents", "<fes:PropertyIsNull><fes:ValueReference>dueAt</fes:ValueReference></fes:PropertyIsNull>", "due_at IS NULL")]
    [InlineData("incidents", "<fes:Not><fes:PropertyIsNull><fes:ValueReference>dueAt</fes:ValueReference></fes:PropertyIsNull></fes:Not>", "due_at IS NOT NULL")]
    [InlineData("incidents", "<fes:And><fes:PropertyIsNotEqualTo><fes:ValueReference>status</fes:ValueReference><fes:Literal>closed</fes:Literal></fes:PropertyIsNotEqualTo><fes:Or><fes:PropertyIsEqualTo><fes:ValueReference>category</fes:ValueReference><fes:Literal>E0102</fes:Literal></fes:PropertyIsEqualTo><fes:PropertyIsEqualTo><fes:ValueReference>gridId</fes:ValueReference><fes:Literal>9</fes:Literal></fes:PropertyIsEqualTo></fes:Or></fes:And>", "status <> 'closed' AND (category = 'E0102' OR grid_id = 9)")]
    [InlineData("incidents", "<fes:During><fes:ValueReference>reportedAt</fes:ValueReference><gml:TimePeriod gml:id='t'><gml:beginPosition>2026-03-01T00:00:00Z</gml:beginPosition><gml:endPosition>2026-03-06T00:00:00Z</gml:endPosition></gml:TimePeriod></fes:During>", "reported_at > '2026-03-01Z' AND reported_at < '2026-03-06Z'")]
    [InlineData("incidents", "<fes:PropertyIsGreaterThanOrEqualTo><fes:ValueReference>reportedAt</fes:ValueReference><fes:Literal>2026-03-05T00:00:00+08:00</fes:Literal></fes:PropertyIsGreaterThanOrEqualTo>", "reported_at >= '2026-03-05 00:00+08'")]
    [InlineData("incidents", "<fes:ResourceId rid='incidents.1'/><fes:ResourceId rid='incidents.7'/><fes:ResourceId rid='test-3'/>", "id IN (1, 7)")]
    [InlineData("buildings", "<fes:BBOX><fes:ValueReference>geometry</fes:ValueReference><gml:Envelope srsName='urn:ogc:def:crs:EPSG::4326'><gml:lowerCorner>31.77 119.94</gml:lowerCorner><gml:upperCorner>31.78 119.95</gml:upperCorner></gml:Envelope></fes:BBOX>", "ST_Intersects(geom, ST_MakeEnvelope(119.94, 31.77, 119.95, 31.78, 4326))")]
    [InlineData("buildings", "<fes:BBOX><gml:Envelope srsName='EPSG:4326'><gml:lowerCorner>119.94 31.77</gml:lowerCorner><gml:upperCorner>119.95 31.78</gml:upperCorner></gml:Envelope></fes:BBOX>", "ST_Intersects(geom, ST_MakeEnvelope(119.94, 31.77, 119.95, 31.78, 4326))")]
    [InlineData("buildings", "<fes:Within><fes:ValueReference>geometry</fes:ValueReference><gml:Polygon gml:id='p'><gml:exterior><gml:LinearRing><gml:posList>31.77 119.94 31.77 119.95 31.78 119.95 31.77 119.94</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></fes:Within>", "ST_Within(geom, 'SRID=4326;POLYGON((119.94 31.77,119.95 31.77,119.95 31.78,119.94 31.77))')")]
    [InlineData("grids", "<fes:Intersects><fes:ValueReference>geometry</fes:ValueReference><gml:Point gml:id='p'><gml:pos>31.785 119.955</gml:pos></gml:Point></fes:Intersects>", "ST_Intersects(geom, 'SRID=4326;POINT(119.955 31.785)')")]
    [InlineData("grids", "<fes:Intersects><gml:Point gml:id='p'><gml:pos>31.785 119.955</gml:pos></gml:Point></fes:Intersects>", "ST_Intersects(geom, 'SRID=4326;POINT(119.955 31.785)')")]
    [InlineData("incidents", "<fes:DWithin><fes:ValueReference>geometry</fes:ValueReference><gml:Point gml:id='p'><gml:pos>31.785 119.955</gml:pos></gml:Point><fes:Distance uom='km'>1.2</fes:Distance></fes:DWithin>", "ST_DWithin(geom::geography, 'SRID=4326;POINT(119.955 31.785)'::geography, 1200)")]
    [InlineData("incidents", "<fes:Beyond><fes:ValueReference>geometry</fes:ValueReference><gml:Point gml:id='p'><gml:pos>31.785 119.955</gml:pos></gml:Point><fes:Distance uom='m'>1200</fes:Distance></fes:Beyond>", "NOT ST_DWithin(geom::geography, 'SRID=4326;POINT(119.955 31.785)'::geography, 1200)")]
    [InlineData("buildings", "<fes:PropertyIsEqualTo><fes:ValueReference>name</fes:ValueReference><fes:Literal>'; DROP TABLE grids; --</fes:Literal></fes:PropertyIsEqualTo>", "FALSE")]
    public async Task A_filter_selects_what_the_database_selects(string type, string filter, string where)
    {
        var table = type.Replace('-', '_');
        var expected = await city.Scratch.Scalar<long>($"SELECT count(*) FROM {table} WHERE {where}");
        var query = Uri.EscapeDataString($"<fes:Filter>{filter}</fes:Filter>");
        (await Xml($"{Get}&typeNames={type}&resultType=hits&filter={query}")).Attribute("numberMatched")!.Value.ShouldBe(expected.ToString());
        var body = $"<wfs:GetFeature xmlns:wfs='{Wfs}' xmlns:fes='http://www.opengis.net/fes/2.0' xmlns:gml='{Gml}' xmlns:gridmap='{App}' service='WFS' version='2.0.0' count='1000'><wfs:Query typeNames='gridmap:{type}'><fes:Filter>{filter}</fes:Filter></wfs:Query></wfs:GetFeature>";
        var posted = await Post(body);
        posted.Attribute("numberReturned")!.Value.ShouldBe(expected.ToString());
        posted.Elements(Wfs + "member").Count().ShouldBe((int)expected);
    }

    [DatabaseTheory]
    [InlineData("31.771,119.941,31.779,119.949")]
    [InlineData("31.771,119.941,31.779,119.949,urn:ogc:def:crs:EPSG::4326")]
    [InlineData("31.771,119.941,31.779,119.949,http://www.opengis.net/def/crs/EPSG/0/4326")]
    [InlineData("119.941,31.771,119.949,31.779,EPSG:4326")]
    [InlineData("119.941,31.771,119.949,31.779,urn:ogc:def:crs:OGC:1.3:CRS84")]
    [InlineData("31.771,119.941,31.779,119.949,urn:ogc:def:crs:EPSG::4490")]
    [InlineData("3516670,494500,3517400,495100,urn:ogc:def:crs:EPSG::4549")]
    [InlineData("494500,3516670,495100,3517400,EPSG:4549")]
    [InlineData("13351800,3733400,13352600,3734200,urn:ogc:def:crs:EPSG::3857")]
    public async Task A_box_means_the_same_in_every_order_of_axes(string bbox)
    {
        var page = await Xml($"{Get}&typeNames=grids&bbox={Uri.EscapeDataString(bbox)}&sortBy=code D");
        page.Descendants(App + "grids").Select(grid => grid.Attribute(Gml + "id")!.Value).Order().ShouldBe(["grids.1", "grids.11", "grids.31"]);
    }

    [DatabaseFact]
    public async Task Positions_come_in_the_order_of_the_crs_that_was_named()
    {
        var urn = await Xml($"{Get}&typeNames=facilities&resourceId=facilities.1");
        Position(urn).ShouldBe([31.785, 119.955]);
        urn.Descendants(Gml + "Point").Single().Attribute("srsName")!.Value.ShouldBe("urn:ogc:def:crs:EPSG::4326");
        Position(await Xml($"{Get}&typeNames=facilities&resourceId=facilities.1&srsName=EPSG:4326")).ShouldBe([119.955, 31.785]);
        var expected = await city.Scratch.Scalar<string>("SELECT round(ST_Y(p)::numeric, 2) || ' ' || round(ST_X(p)::numeric, 2) FROM ST_Transform('SRID=4326;POINT(119.955 31.785)'::geometry, 4549) AS p");
        string.Join(' ', Position(await Xml($"{Get}&typeNames=facilities&resourceId=facilities.1&srsName=urn:ogc:def:crs:EPSG::4549")).Select(number => number.ToString("F2", CultureInfo.InvariantCulture))).ShouldBe(expected);
        var json = await city.Anyone.Json($"{Get}&typeNames=facilities&resourceId=facilities.1&outputFormat=application/json");
        json.At("features", 0, "geometry", "coordinates").EnumerateArray().Select(number => number.GetDouble()).ShouldBe([119.955, 31.785]);
    }

    [DatabaseFact]
    public async Task Pages_follow_each_other_and_hold_everything_once()
    {
        var (next, seen) = ($"{Get}&typeNames=incidents&count=7&sortBy=category ASC,number DESC&propertyName=number", new List<string>());
        while (next is not null)
        {
            var page = await Xml(next);
            seen.AddRange(page.Descendants(App + "incidents").Select(incident => incident.Attribute(Gml + "id")!.Value));
            page.Attribute("numberMatched")!.Value.ShouldBe((SmallCity.MarchIncidents + SmallCity.FebruaryIncidents).ToString());
            page.Elements(Wfs + "member").Count().ToString().ShouldBe(page.Attribute("numberReturned")!.Value);
            page.Descendants(App + "geometry").ShouldBeEmpty();
            (page.Attribute("previous") is null).ShouldBe(seen.Count <= 7);
            next = page.Attribute("next")?.Value;
        }
        seen.Count.ShouldBe(SmallCity.MarchIncidents + SmallCity.FebruaryIncidents);
        seen.Distinct().Count().ShouldBe(seen.Count);
    }

    [DatabaseFact]
    public async Task Several_queries_are_several_collections()
    {
        var page = await Xml($"{Get}&typeNames=(grids)(facilities)&count=12");
        page.Attribute("numberMatched")!.Value.ShouldBe((await city.Scratch.Scalar<long>("SELECT (SELECT count(*) FROM grids) + (SELECT count(*) FROM facilities)")).ToString());
        page.Elements(Wfs + "member").Elements(Wfs + "FeatureCollection").Count().ShouldBe(2);
        page.Descendants(App + "grids").Count().ShouldBe(12);
    }

    [DatabaseTheory]
    [InlineData("typeNames=(facilities)(grids)&filter=(<fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>type</fes:ValueReference><fes:Literal>pharmacy</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>)()", "type = 'pharmacy'", "TRUE")]
    [InlineData("typeNames=(facilities)(grids)&filter=()(<fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>kind</fes:ValueReference><fes:Literal>special</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>)", "TRUE", "kind = 'special'")]
    [InlineData("typeNames=(facilities)(grids)&filter=(<fes:Filter><fes:PropertyIsNotEqualTo><fes:ValueReference>code</fes:ValueReference><fes:Literal>)(</fes:Literal></fes:PropertyIsNotEqualTo></fes:Filter>) (<fes:Filter><fes:PropertyIsNotEqualTo><fes:ValueReference>code</fes:ValueReference><fes:Literal><![CDATA[</a>)(<]]></fes:Literal></fes:PropertyIsNotEqualTo></fes:Filter>)", "TRUE", "TRUE")]
    [InlineData("typeNames=(facilities)(grids)&propertyName=(code)()&sortBy=()(code D)&srsName=(EPSG:4326)(urn:ogc:def:crs:EPSG::4549)", "TRUE", "TRUE")]
    [InlineData("typeNames=(facilities)(grids)&bbox=(31.771,119.941,31.779,119.949)()", "ST_Intersects(geom, ST_MakeEnvelope(119.941, 31.771, 119.949, 31.779, 4326))", "TRUE")]
    [InlineData("typeNames=(facilities)(grids)&bbox=()(31.771,119.941,31.779,119.949)", "TRUE", "ST_Intersects(geom, ST_MakeEnvelope(119.941, 31.771, 119.949, 31.779, 4326))")]
    [InlineData("typeNames=(facilities)(grids)&resourceId=(facilities.1,facilities.2)(grids.3)", "id IN (1, 2)", "id = 3")]
    [InlineData("resourceId=(facilities.1,facilities.2)(grids.3)", "id IN (1, 2)", "id = 3")]
    public async Task Each_query_has_its_own_list_of_a_parameter(string query, string facilities, string grids)
    {
        var page = await Xml($"{Get}&count=500&{query}");
        page.Descendants(App + "facilities").Count().ShouldBe((int)await city.Scratch.Scalar<long>($"SELECT count(*) FROM facilities WHERE {facilities}"));
        page.Descendants(App + "grids").Count().ShouldBe((int)await city.Scratch.Scalar<long>($"SELECT count(*) FROM grids WHERE {grids}"));
    }

    [DatabaseTheory]
    [InlineData("typeNames=(facilities)(grids)&filter=(<fes:Filter/>", "filter")]
    [InlineData("typeNames=(facilities)(grids)&filter=()()()", "filter")]
    [InlineData("typeNames=(facilities)(grids)&srsName=(EPSG:4326)(EPSG:4326)(EPSG:4326)", "srsName")]
    [InlineData("typeNames=(facilities)(grids)&sortBy=(code)x(code)", "sortBy")]
    [InlineData("typeNames=(facilities)(grids", "typeNames")]
    [InlineData("typeNames=(facilities)(grids)&filter=()(<fes:Filter><fes:ResourceId rid='grids.1'/></fes:Filter>)&bbox=(1,1,2,2)()", "filter")]
    public async Task Lists_that_do_not_fit_the_queries_are_refused(string query, string locator) =>
        await Refused(await city.Anyone.GetAsync($"{Get}&{query}"), 400, "InvalidParameterValue", locator);

    [DatabaseTheory]
    [InlineData("<wfs:Query typeNames='gridmap:facilities'><fes:Filter><fes:PropertyIsNotEqualTo><fes:ValueReference>code</fes:ValueReference><fes:Literal>)(</fes:Literal></fes:PropertyIsNotEqualTo></fes:Filter></wfs:Query><wfs:Query typeNames='gridmap:grids'/>")]
    [InlineData("<wfs:Query typeNames='gridmap:facilities' srsName='EPSG:4326'><wfs:PropertyName>code</wfs:PropertyName><wfs:PropertyName>geometry</wfs:PropertyName></wfs:Query><wfs:Query typeNames='gridmap:grids' srsName='urn:ogc:def:crs:EPSG::4549'><fes:SortBy><fes:SortProperty><fes:ValueReference>code</fes:ValueReference><fes:SortOrder>DESC</fes:SortOrder></fes:SortProperty></fes:SortBy></wfs:Query>")]
    [InlineData("<wfs:Query typeNames='gridmap:facilities'/><wfs:Query typeNames='gridmap:grids' srsName='EPSG:4326'/>")]
    [InlineData("<wfs:Query typeNames='gridmap:facilities'/><wfs:Query typeNames='gridmap:grids'><fes:Filter><fes:Or>{many}</fes:Or></fes:Filter></wfs:Query>")]
    public async Task Pages_of_several_queries_follow_each_other_in_both_directions(string queries)
    {
        queries = queries.Replace("{many}", string.Concat(Enumerable.Range(0, 150).Select(i => $"<fes:PropertyIsNotEqualTo><fes:ValueReference>code</fes:ValueReference><fes:Literal>{i}</fes:Literal></fes:PropertyIsNotEqualTo>")), StringComparison.Ordinal);
        string Body(int count) => $"<wfs:GetFeature xmlns:wfs='{Wfs}' xmlns:fes='http://www.opengis.net/fes/2.0' xmlns:gridmap='{App}' service='WFS' version='2.0.0' count='{count}'>{queries}</wfs:GetFeature>";
        var whole = Members(await Post(Body(1000)));
        whole.Count.ShouldBe((int)await city.Scratch.Scalar<long>("SELECT (SELECT count(*) FROM grids) + (SELECT count(*) FROM facilities)"));
        var (page, seen) = (await Post(Body(11)), new List<string>());
        page.Attribute("previous").ShouldBeNull();
        while (true)
        {
            seen.AddRange(Members(page));
            if (page.Attribute("next")?.Value is not { } next) break;
            page = await Xml(next);
            Members(await Xml(page.Attribute("previous")!.Value)).ShouldBe(seen.TakeLast(11));
        }
        seen.ShouldBe(whole);

        static List<string> Members(XElement page) => [.. page.Descendants().Where(element => element.Name.Namespace == App && element.Parent!.Name == Wfs + "member").Select(element => element.ToString())];
    }

    [DatabaseFact]
    public async Task Hits_point_to_the_first_page_of_what_they_count()
    {
        var hits = await Xml($"{Get}&typeNames=grids&count=2&resultType=hits");
        hits.Attribute("numberReturned")!.Value.ShouldBe("0");
        hits.Attribute("previous").ShouldBeNull();
        var page = await Xml(hits.Attribute("next")!.Value);
        page.Attribute("numberMatched")!.Value.ShouldBe(hits.Attribute("numberMatched")!.Value);
        page.Descendants(App + "grids").Count().ShouldBe(2);
        var values = await Xml("/wfs?service=WFS&version=2.0.0&request=GetPropertyValue&typeNames=grids&valueReference=code&count=3&resultType=hits");
        (await Xml(values.Attribute("next")!.Value)).Elements(Wfs + "member").Count().ShouldBe(3);
        (await Xml($"{Get}&typeNames=grids&resourceId=grids.999999&resultType=hits")).Attribute("next").ShouldBeNull();
    }

    [DatabaseFact]
    public async Task What_two_queries_select_stands_in_the_document_once()
    {
        var page = await Xml($"{Get}&typeNames=(facilities)(facilities)&count=5000");
        XName id = Gml + "id", href = XName.Get("href", "http://www.w3.org/1999/xlink");
        var ids = page.Descendants().Attributes(id).Select(attribute => attribute.Value).ToList();
        ids.ShouldBeUnique();
        var pointers = page.Descendants().Attributes(href).Select(attribute => attribute.Value).ToList();
        pointers.Count.ShouldBe(page.Descendants(Wfs + "member").Count(member => member.Elements().All(element => element.Name.Namespace == App) && member.HasElements));
        pointers.ShouldAllBe(pointer => ids.Contains(pointer.Substring(1)));
    }

    [DatabaseFact]
    public async Task The_schema_names_every_element_that_is_sent()
    {
        foreach (var type in new[] { "areas", "grids", "compounds", "buildings", "facilities", "incidents", "roads", "landscapes", "population-cells" })
        {
            var schema = await Xml($"/wfs?service=WFS&version=2.0.0&request=DescribeFeatureType&typeNames=gridmap:{type}");
            var order = schema.Descendants(Xs + "sequence").Single().Elements(Xs + "element").Select(element => element.Attribute("name")!.Value).ToList();
            foreach (var feature in (await Xml($"{Get}&typeNames={type}&count=50")).Descendants(App + type))
            {
                var places = feature.Elements().Select(element => order.IndexOf(element.Name.LocalName)).ToList();
                places.ShouldNotContain(-1);
                places.ShouldBe(places.Order()); // xs:sequence
            }
        }
    }

    [DatabaseFact]
    public async Task A_stored_query_gives_the_feature_itself()
    {
        var list = await Xml("/wfs?service=WFS&version=2.0.0&request=ListStoredQueries");
        var ids = list.Elements(Wfs + "StoredQuery").Select(query => query.Attribute("id")!.Value).ToList();
        ids.ShouldBe(["urn:ogc:def:query:OGC-WFS::GetFeatureById", "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById"]);
        (await Xml("/wfs?service=WFS&version=2.0.2&request=DescribeStoredQueries")).Elements(Wfs + "StoredQueryDescription").Select(query => query.Attribute("id")!.Value).ShouldBe(ids);
        foreach (var id in ids)
        {
            (await Xml($"/wfs?service=WFS&version=2.0.0&request=DescribeStoredQueries&storedQuery_Id={id}")).Descendants(Wfs + "Parameter").Single().Attribute("name")!.Value.ShouldBe("id");
            var feature = await Xml($"{Get}&storedQuery_Id={id}&id=areas.7");
            feature.Name.ShouldBe(App + "areas");
            feature.Element(App + "name")!.Value.ShouldBe("兰花社区");
            var posted = await Post($"<wfs:GetFeature xmlns:wfs='{Wfs}' service='WFS' version='2.0.2'><wfs:StoredQuery id='{id}'><wfs:Parameter name='ID'>areas.7</wfs:Parameter></wfs:StoredQuery></wfs:GetFeature>");
            posted.Attribute(Gml + "id")!.Value.ShouldBe("areas.7");
            var value = await Xml($"/wfs?service=WFS&version=2.0.0&request=GetPropertyValue&valueReference=gridmap:name&storedQuery_Id={id}&id=areas.7");
            value.Elements(Wfs + "member").Elements(App + "name").Single().Value.ShouldBe("兰花社区");
            await Refused(await city.Anyone.GetAsync($"/wfs?service=WFS&version=2.0.0&request=GetPropertyValue&valueReference=name&storedQuery_Id={id}&id=nothing.7"), 404, "NotFound", "id");
        }
    }

    [DatabaseFact]
    public async Task Values_of_a_property_are_those_that_are_there()
    {
        var values = await Xml("/wfs?service=WFS&version=2.0.0&request=GetPropertyValue&typeNames=incidents&valueReference=gridmap:dueAt&sortBy=number");
        var expected = await city.Scratch.Scalar<long>("SELECT count(due_at) FROM incidents");
        values.Attribute("numberReturned")!.Value.ShouldBe(expected.ToString());
        values.Elements(Wfs + "member").Elements(App + "dueAt").Count().ShouldBe((int)expected);
        (await Xml("/wfs?service=WFS&version=2.0.0&request=GetPropertyValue&typeNames=areas&valueReference=@gml:id")).Elements(Wfs + "member").First().Value.ShouldBe("areas.1");
    }

    [DatabaseTheory]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><wfs:GetCapabilities xmlns:wfs='http://www.opengis.net/wfs/2.0' service='WFS'>&e;</wfs:GetCapabilities>")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><x>&b;</x>")]
    [InlineData("<wfs:GetFeature xmlns:wfs='http://www.opengis.net/wfs/2.0'")]
    [InlineData("")]
    [InlineData("{}")]
    public async Task Xml_that_is_hostile_or_none_is_refused(string body)
    {
        var response = await city.Anyone.PostAsync("/wfs", new StringContent(body, Encoding.UTF8, "text/xml"));
        await Refused(response, 400, "OperationParsingFailed", "request");
        (await response.Content.ReadAsStringAsync()).ShouldNotContain("XmlReader", Case.Sensitive, "how it is made is nobody's business");
    }

    [DatabaseFact]
    public async Task Depth_and_size_are_bounded()
    {
        var many = $"<a {string.Join(' ', Enumerable.Range(0, 201).Select(i => $"a{i}='1'"))}/>";
        var refused = await city.Anyone.PostAsync("/wfs", new StringContent(many, Encoding.UTF8, "text/xml"));
        await Refused(refused, 400, "OperationParsingFailed", null);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("more than 200 attributes");
        var deep = string.Concat(Enumerable.Repeat("<a>", 10_000));
        await Refused(await city.Anyone.PostAsync("/wfs", new StringContent(deep, Encoding.UTF8, "text/xml")), 400, "OperationParsingFailed", null);
        var large = $"<a>{new string('x', 5 << 20)}</a>";
        await Refused(await city.Anyone.PostAsync("/wfs", new StringContent(large, Encoding.UTF8, "text/xml")), 400, "OperationParsingFailed", null);
        var nested = string.Concat(Enumerable.Repeat("<fes:Not>", 50)) + "<fes:PropertyIsNull><fes:ValueReference>code</fes:ValueReference></fes:PropertyIsNull>" + string.Concat(Enumerable.Repeat("</fes:Not>", 50));
        (await Xml($"{Get}&typeNames=areas&resultType=hits&filter={Uri.EscapeDataString($"<fes:Filter>{nested}</fes:Filter>")}")).Attribute("numberMatched")!.Value.ShouldBe("0");
    }

    [DatabaseFact]
    public async Task Text_is_written_so_that_it_can_be_read_back()
    {
        await city.Scratch.Execute("INSERT INTO facilities (id, code, name, type, geom) VALUES (9100, 'XML', E'<a>&\"]]>\\n\\x01\\t😀', 'pharmacy', 'SRID=4326;POINT(119.95 31.78)')");
        var page = await Xml($"{Get}&typeNames=facilities&resourceId=facilities.9100");
        page.Descendants(App + "name").Single().Value.ShouldBe("<a>&\"]]>\n\uFFFD\t😀");
        await city.Scratch.Execute("DELETE FROM facilities WHERE id = 9100");
    }

    private static double[] Position(XElement page) => page.Descendants(Gml + "pos").Single().Value.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();

    private async Task<XElement> Xml(string path)
    {
        var response = await city.Anyone.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, $"{path}: {text}");
        return XDocument.Parse(text).Root!;
    }

    private async Task<XElement> Post(string body)
    {
        var response = await city.Anyone.PostAsync("/wfs", new StringContent(body, Encoding.UTF8, "application/xml"));
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return XDocument.Parse(text).Root!;
    }

    private static async Task Refused(HttpResponseMessage response, int status, string code, string? locator)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        var report = XDocument.Parse(text).Root!;
        report.Name.ShouldBe(Ows + "ExceptionReport");
        var exception = report.Element(Ows + "Exception")!;
        exception.Attribute("exceptionCode")!.Value.ShouldBe(code, text);
        if (locator is not null) exception.Attribute("locator")!.Value.ShouldBe(locator, text);
    }
}
