// The map on the server's own HTML pages: one set of features on the city's ground, or the city in one of its styles.
import { drawFeatures } from "./map/featureMap";
import { drawStyle } from "./map/pageMap";
import "./map/featureMap.css";

for (const element of document.querySelectorAll<HTMLElement>("div#map[data-source]")) void drawFeatures(element);
for (const element of document.querySelectorAll<HTMLElement>("div#map[data-style]")) drawStyle(element);
