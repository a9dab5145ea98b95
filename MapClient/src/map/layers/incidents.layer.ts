import type { ExpressionSpecification, FilterSpecification } from "maplibre-gl";
import type { Fresh } from "../../state/news.svelte";
import { drawn, tiles, visible, type Contribution, type Drawing, type Picture } from "../picture";
import { incidentColours } from "../../state/symbology";

type Source = { source: string; "source-layer"?: string };

const closed: ExpressionSpecification = ["in", ["get", "status"], ["literal", ["closed", "rejected"]]];
/** At small scales one point may stand for several: its area grows with them. */
const gathered: ExpressionSpecification = ["^", ["coalesce", ["get", "count"], 1], 0.35];
const urgent: ExpressionSpecification = ["in", ["get", "severity"], ["literal", ["urgent", "high"]]];

/** The tiles are a moment old: what the feed has told since is drawn from the feed, and left out of the tiles' drawing. */
export function incidents(picture: Picture): Contribution {
  const { theme, palette, layers, scale, fresh } = picture;
  const overdue: ExpressionSpecification = ["all", ["!", closed], ["<", ["number", ["get", "dueAt"], 9e15], picture.now]];
  const visibility = visible(layers.incidents);
  const opacity = layers.incidents.opacity / 100;
  const colours = incidentColours[theme];
  const selected = picture.selection?.kind === "incident" ? picture.selection.id : -1;
  // Points that stand for several carry no state of their own: they are what was asked for.
  const several: ExpressionSpecification = [">", ["coalesce", ["get", "count"], 1], 1];
  const asked = picture.incidentStatus === "" ? colours.closed : colours[picture.incidentStatus];
  const newer: FilterSpecification = ["!", ["in", ["id"], ["literal", fresh.map((item) => item.id)]]];
  const dots = (id: string, source: Source, filter: FilterSpecification): Drawing => ({
    id,
    shelf: "marks",
    type: "circle",
    ...source,
    filter,
    layout: { visibility, "circle-sort-key": ["case", closed, 0, overdue, 2, 1] },
    paint: {
      "circle-color": ["case", several, asked, closed, colours.closed, overdue, colours.overdue, colours.open],
      "circle-radius": [
        "interpolate",
        ["exponential", 1.4],
        ["zoom"],
        10,
        ["*", scale, ["case", urgent, 2.2, 1.5]],
        14,
        ["*", scale, ["case", urgent, 4.6, 3.4], gathered],
        17,
        ["*", scale, ["case", urgent, 8.5, 6.5], gathered],
      ],
      "circle-opacity": ["*", opacity, ["case", closed, 0.7, 0.92]],
      "circle-stroke-color": palette.halo,
      "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 11, 0.4 * scale, 14, 1 * scale, 17, 1.6 * scale],
      "circle-stroke-opacity": opacity,
    },
  });
  const ring = (id: string, source: Source): Drawing => ({
    id,
    shelf: "marks",
    type: "circle",
    ...source,
    filter: ["==", ["id"], selected],
    paint: {
      "circle-radius": 13 * scale,
      "circle-color": palette.accent,
      "circle-opacity": 0.2,
      "circle-stroke-color": palette.accent,
      "circle-stroke-width": 2.5,
    },
  });
  return {
    sources: {
      incidents: tiles(picture, "incidents", picture.incidentQuery),
      "incidents-fresh": drawn({ type: "FeatureCollection", features: fresh.map(({ feature }: Fresh) => feature) }),
    },
    drawings: [
      ring("incident-selected", { source: "incidents", "source-layer": "incidents" }),
      ring("incident-selected-fresh", { source: "incidents-fresh" }),
      dots("incidents", { source: "incidents", "source-layer": "incidents" }, newer),
      dots("incidents-fresh", { source: "incidents-fresh" }, ["all"]),
    ],
  };
}
