"""Reads a WFS 2.0 with OWSLib as its users do; prints JSON for the test beside it."""
import json
import sys
import xml.etree.ElementTree as tree

from lxml import etree
from owslib.fes2 import And, PropertyIsEqualTo, PropertyIsGreaterThan
from owslib.ogcapi.features import Features
from owslib.wfs import WebFeatureService

address = sys.argv[1]
WFS = "{http://www.opengis.net/wfs/2.0}"


def members(response):
    return len(tree.fromstring(response.read()).findall(WFS + "member"))


service = WebFeatureService(f"{address}wfs", version="2.0.0")
both = And([PropertyIsEqualTo("use", "residential"), PropertyIsGreaterThan("residents", "10")])
# Filters go by POST: its GET leaves them out.
wrapped = f'<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0">{tree.tostring(both.toXML(), encoding="unicode")}</fes:Filter>'
features = Features(f"{address}ogc")
print(json.dumps({
    "version": service.version,
    "types": sorted(service.contents),
    "operations": sorted(operation.name for operation in service.operations),
    "schema": service.get_schema("gridmap:grids")["properties"],
    "all": members(service.getfeature(typename="gridmap:incidents")),
    "page": members(service.getfeature(typename="gridmap:incidents", maxfeatures=5, startindex=50)),
    # It turns the axes itself where the CRS says so.
    "box": members(service.getfeature(typename="gridmap:grids", bbox=(119.941, 31.771, 119.949, 31.779, "urn:ogc:def:crs:EPSG::4326"))),
    "filter": members(service.getfeature(method="Post", typename="gridmap:buildings", filter=etree.fromstring(wrapped))),
    "json": len(json.loads(service.getfeature(typename="gridmap:facilities", outputFormat="application/json").read())["features"]),
    "collections": sorted(features.feature_collections()),
    "items": len(features.collection_items("incidents", limit=100)["features"]),
}))
