// The map on the server's own HTML pages: one set of features on the city's ground.
import { drawFeatures } from "./map/featureMap";
import "./map/featureMap.css";

for (const element of document.querySelectorAll<HTMLElement>("div#map[data-source]")) void drawFeatures(element);
