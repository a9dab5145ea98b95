import type { Feature, FeatureCollection } from "geojson";
import { Popup, type LayerSpecification, type StyleSpecification } from "maplibre-gl";
import type { Bbox } from "../api/contract";
import { bboxOf } from "../state/extent";
import { landscapes } from "./layers/landscapes.layer";
import { roads } from "./layers/roads.layer";
import { groundPicture } from "./groundPicture";
import { pageLanguage, pageMap } from "./pageMap";

const colour = "#b0247e";

/** Ground and roads only: the features on show are what the page is about. */
function ground(): StyleSpecification {
  const picture = groundPicture(pageLanguage());
  const parts = [landscapes(picture), roads(picture)];
  const order = ["ground", "ways", "names"];
  return {
    version: 8,
    sources: Object.assign({}, ...parts.map((part) => part.sources)),
    layers: [
      { id: "land", type: "background", paint: { "background-color": picture.palette.land } },
      ...order.flatMap((shelf) =>
        parts
          .flatMap((part) => part.drawings)
          .filter((drawing) => drawing.shelf === shelf)
          .map((drawing) => {
            const layer: Partial<typeof drawing> = { ...drawing };
            delete layer.shelf;
            return layer as LayerSpecification;
          }),
      ),
    ],
  };
}

const collectionOf = (told: Feature | FeatureCollection): FeatureCollection =>
  told.type === "FeatureCollection" ? told : { type: "FeatureCollection", features: [told] };

function boxAround(collection: FeatureCollection): Bbox | null {
  const boxes = collection.features
    .flatMap((feature) => (feature.geometry ? [bboxOf(feature.geometry)] : []))
    .filter((box) => box !== null);
  if (!boxes.length) return null;
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}

function askedBox(text: string | undefined): Bbox | null {
  const numbers = (text ?? "").split(",").map(Number);
  return numbers.length === 4 && numbers.every(Number.isFinite) ? (numbers as unknown as Bbox) : null;
}

/** Draws the GeoJSON that `data-source` names, within `data-bbox` or around the features. */
export async function drawFeatures(element: HTMLElement): Promise<void> {
  const source = element.dataset["source"] ?? "";
  const answer = await fetch(source, { headers: { accept: "application/geo+json" } });
  if (!answer.ok) {
    element.textContent = `${source}: HTTP ${answer.status}`;
    return;
  }
  const collection = collectionOf((await answer.json()) as Feature | FeatureCollection);
  const bounds = askedBox(element.dataset["bbox"]) ?? boxAround(collection);
  const map = pageMap(element, {
    style: ground(),
    ...(bounds ? { bounds, fitBoundsOptions: { padding: 40, maxZoom: 17 } } : {}),
  });
  map.on("load", () => {
    // An id that is no number would be lost on the way through the map.
    const features = collection.features.map((feature) => ({
      ...feature,
      properties: { ...feature.properties, "feature id": feature.id },
    }));
    map.addSource("features", { type: "geojson", data: { type: "FeatureCollection", features } });
    map.addLayer({
      id: "areas",
      type: "fill",
      source: "features",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colour, "fill-opacity": 0.14 },
    });
    map.addLayer({
      id: "lines",
      type: "line",
      source: "features",
      filter: ["!=", ["geometry-type"], "Point"],
      paint: { "line-color": colour, "line-width": 2 },
    });
    map.addLayer({
      id: "points",
      type: "circle",
      source: "features",
      filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-color": colour, "circle-radius": 6, "circle-stroke-color": "#ffffff", "circle-stroke-width": 2 },
    });
    for (const layer of ["areas", "lines", "points"]) {
      map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
      map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
      map.on("click", layer, (event) => {
        const { name, "feature id": id } = event.features?.[0]?.properties ?? {};
        const words = [name, id].filter((part) => part !== undefined && part !== null && part !== "").join(" · ");
        new Popup().setLngLat(event.lngLat).setText(words).addTo(map);
      });
    }
    element.setAttribute("data-loaded", "true");
  });
}
