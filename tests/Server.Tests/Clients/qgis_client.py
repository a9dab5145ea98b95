"""Opens the city in QGIS as its users do (OGC API - Features, WFS, vector tiles with our style); prints JSON for the test beside it."""
import json
import os
import sys
import urllib.request

from qgis.core import (
    QgsApplication, QgsCoordinateReferenceSystem, QgsFeatureRequest, QgsMapBoxGlStyleConversionContext, QgsMapBoxGlStyleConverter, QgsMapRendererParallelJob, QgsMapSettings,
    QgsRectangle, QgsVectorLayer, QgsVectorTileLayer)
from qgis.PyQt.QtCore import QSize

address, west, south, east, north = sys.argv[1].rstrip("/"), *map(float, sys.argv[2:6])
application = QgsApplication([], False)
application.initQgis()


def features(name, more=""):
    layer = QgsVectorLayer(f"url='{address}/ogc' typename='{name}' pagingEnabled='true' pageSize='7' restrictToRequestBBOX='1'{more}", name, "OAPIF")
    assert layer.isValid(), layer.error().message()
    return layer


def read(layer, box=None):
    request = QgsFeatureRequest() if box is None else QgsFeatureRequest().setFilterRect(QgsRectangle(*box))
    return sorted(feature["code"] if "code" in layer.fields().names() else feature["number"] for feature in layer.getFeatures(request))


def drawn(source, styled, box=(west, south, east, north)):
    layer = QgsVectorTileLayer(source, "tiles")
    assert layer.isValid()
    if styled:
        message, ok = layer.loadDefaultStyle()
        assert ok, message
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    settings.setExtent(QgsRectangle(*box))
    settings.setOutputSize(QSize(400, 400))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    counts = {}
    for x in range(400):
        for y in range(400):
            name = image.pixelColor(x, y).name()
            counts[name] = counts.get(name, 0) + 1
    return counts


def city(style, *box):
    return drawn("type=xyz&zmin=8&zmax=16&url=" + encoded(address + "/ogc/tiles/WebMercatorQuad/{z}/{y}/{x}")
                 + "&styleUrl=" + encoded(address + f"/ogc/styles/{style}?f=mapbox"), True, *box)


def left_out(style):
    """What QGIS does not understand of a style; which fonts there are is the machine's matter."""
    with urllib.request.urlopen(f"{address}/ogc/styles/{style}?f=mapbox") as answer:
        text = answer.read().decode()
    converter = QgsMapBoxGlStyleConverter()
    context = QgsMapBoxGlStyleConversionContext()
    converter.convert(text, context)
    # The names of areas come from no tiles.
    anywhere = [style.styleName() for style in list(converter.renderer().styles()) + list(converter.labeling().styles()) if not style.layerName()]
    return [warning for warning in converter.warnings() if "font" not in warning] + [name for name in anywhere if not name.startswith(("area-names-", "land"))]


def magenta(counts):
    def is_magenta(name):
        red, green, blue = (int(name[at:at + 2], 16) for at in (1, 3, 5))
        return red - green > 40 and blue - green > 20
    return sum(count for name, count in counts.items() if is_magenta(name))


def encoded(text):
    return text.replace("?", "%3F").replace("=", "%3D").replace("{", "%7B").replace("}", "%7D")


buildings = features("buildings")
filtered = features("buildings")
filtered.setSubsetString("\"use\" = 'residential'")
wfs = QgsVectorLayer(f"url='{address}/wfs' typename='gridmap:grids' version='2.0.0' pagingEnabled='true'", "grids", "WFS")
plain = drawn("type=xyz&zmin=8&zmax=16&url=" + encoded(address + "/tiles/grids/{z}/{x}/{y}.mvt"), styled=False)
light, dark = city("city"), city("city-dark")
near = city("city", (east - 0.008, north - 0.008, east - 0.002, north - 0.002))
print(json.dumps({
    "incidents": read(features("incidents")),
    "buildings": read(buildings),
    "fields": buildings.fields().names(),
    "crs": buildings.crs().authid(),
    "boxed": read(buildings, (west, south, (west + east) / 2, (south + north) / 2)),
    "filtered": read(filtered),
    "wfs": sorted(feature["code"] for feature in wfs.getFeatures()),
    "plainColours": len(plain),
    "cityColours": len(light),
    "gridBorder": magenta(light),
    "pharmacy": near.get("#0b7f86", 0),
    "openIncidentsFromAfar": light.get("#c2660a", 0),
    "openIncidents": near.get("#c2660a", 0),
    "darkGridBorder": magenta(dark),
    "ground": max(light, key=light.get),
    "darkGround": max(dark, key=dark.get),
    "leftOut": left_out("city") + left_out("city-dark"),
}))
# The order in which Python lets go of layers brings QGIS down at its end; what was asked has been answered by then.
sys.stdout.flush()
os._exit(0)
