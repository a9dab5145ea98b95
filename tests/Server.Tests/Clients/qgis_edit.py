"""Edits a layer of OGC API - Features in QGIS as its users do; prints JSON for the test beside it."""
import json
import os
import sys

from qgis.core import Qgis, QgsApplication, QgsAuthMethodConfig, QgsFeature, QgsFeatureRequest, QgsGeometry, QgsPointXY, QgsVectorLayer

address, key, lon, lat = sys.argv[1].rstrip("/"), sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
application = QgsApplication([], False)
application.initQgis()
manager = QgsApplication.authManager()
manager.setMasterPassword("only for this run", True)
login = QgsAuthMethodConfig("APIHeader")
login.setName("GridMap")
login.setConfig("X-API-Key", key)
manager.storeAuthenticationConfig(login)


def open_layer():
    layer = QgsVectorLayer(f"url='{address}/ogc' typename='facilities' pagingEnabled='true' authcfg='{login.id()}'", "facilities", "OAPIF")
    assert layer.isValid(), layer.error().message()
    return layer


def named(layer, code):
    return next(iter(layer.getFeatures(QgsFeatureRequest().setFilterExpression(f"\"code\" = '{code}'"))), None)


def saved(layer):
    done = layer.commitChanges()
    return "" if done else " ".join(layer.commitErrors())


layer = open_layer()
said = {"version": Qgis.QGIS_VERSION, "can": layer.dataProvider().capabilitiesString()}

layer.startEditing()
new = QgsFeature(layer.fields())
new.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(lon, lat)))
for name, value in {"code": "QGIS-1", "name": "新建 by QGIS", "type": "pharmacy", "capacity": 12}.items():
    new.setAttribute(name, value)
layer.addFeature(new)
said["create"] = saved(layer)

# Read back by a layer that has not seen it.
layer = open_layer()
made = named(layer, "QGIS-1")
said["made"] = None if made is None else {"name": made["name"], "capacity": made["capacity"], "lon": made.geometry().asPoint().x(), "lat": made.geometry().asPoint().y()}

layer.startEditing()
layer.changeAttributeValue(made.id(), layer.fields().indexOf("name"), "renamed by QGIS")
said["rename"] = saved(layer)
layer.startEditing()
layer.changeGeometry(made.id(), QgsGeometry.fromPointXY(QgsPointXY(lon + 0.0001, lat)))
said["move"] = saved(layer)
layer.startEditing()
layer.changeAttributeValue(made.id(), layer.fields().indexOf("capacity"), -5)
said["refused"] = saved(layer)
layer.rollBack()

layer = open_layer()
changed = named(layer, "QGIS-1")
said["changed"] = {"name": changed["name"], "capacity": changed["capacity"], "lon": changed.geometry().asPoint().x()}
layer.startEditing()
layer.deleteFeature(changed.id())
said["delete"] = saved(layer)
said["gone"] = named(open_layer(), "QGIS-1") is None
print(json.dumps(said))
# The order in which Python lets go of layers brings QGIS down at its end; what was asked has been answered by then.
sys.stdout.flush()
os._exit(0)
