import type { ExpressionSpecification, FilterSpecification } from "maplibre-gl";
import { font, nameIn, tiles, visible, type Contribution, type Picture } from "../picture";
import { facilityColours, facilityGroups, notCounted } from "../../state/symbology";

export function facilities(picture: Picture): Contribution {
  const { palette, layers, scale, theme } = picture;
  const visibility = visible(layers.facilities);
  const opacity = layers.facilities.opacity / 100;
  const source = { source: "facilities", "source-layer": "facilities" };
  const selected = picture.selection?.kind === "facility" ? picture.selection.id : -1;
  const known = Object.entries(picture.facilityGroups);
  const group: ExpressionSpecification = known.length
    ? (["match", ["get", "type"], ...known.flat(), "other"] as never)
    : ["literal", "other"];
  const shown: FilterSpecification =
    picture.facilityTypes === null ? ["all"] : ["in", ["get", "type"], ["literal", picture.facilityTypes]];
  const chosen = !!picture.facilityTypes?.length;
  const colour: ExpressionSpecification = [
    "match",
    group,
    ...facilityGroups.flatMap((name) => [name, facilityColours[name]]),
    facilityColours.other,
  ] as never;
  const counted = picture.facilitiesCounted;
  /** One thing for what the answer counts, another for what it does not. */
  const either = <T>(yes: T, no: T): T | ExpressionSpecification =>
    counted === null ? yes : counted.length ? (["match", ["id"], counted, yes, no] as never) : no;
  return {
    sources: { facilities: tiles(picture, "facilities") },
    drawings: [
      {
        id: "facility-dots",
        shelf: "marks",
        type: "circle",
        ...source,
        minzoom: picture.facilityTypes ? 10 : 13,
        maxzoom: 14.5,
        filter: shown,
        layout: { visibility },
        paint: {
          "circle-color": either<ExpressionSpecification | string>(colour, notCounted[theme]),
          "circle-radius": chosen
            ? ["interpolate", ["linear"], ["zoom"], 11, 2.6 * scale, 14.5, 6 * scale]
            : ["interpolate", ["linear"], ["zoom"], 13, 1.8 * scale, 14.5, 3.6 * scale],
          "circle-opacity": either(opacity, opacity * 0.55),
          "circle-stroke-opacity": either(opacity, opacity * 0.4),
          "circle-stroke-color": palette.halo,
          "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 13, chosen ? 1 : 0.5, 14.5, chosen ? 1.6 : 1],
        },
      },
      {
        id: "facilities",
        shelf: "names",
        type: "symbol",
        ...source,
        minzoom: 14.5,
        filter: shown,
        layout: {
          visibility,
          "icon-image": either<ExpressionSpecification>(["concat", "facility-", group], ["literal", "facility-other"]),
          "icon-size": ["interpolate", ["linear"], ["zoom"], 14.5, 0.62 * scale, 17, 0.9 * scale],
          "icon-allow-overlap": ["step", ["zoom"], false, 16.5, true],
          "icon-padding": 1,
          "text-field": ["step", ["zoom"], "", 16, nameIn(picture)] as never,
          "text-font": font(),
          "text-size": 11 * scale,
          "text-anchor": "top",
          "text-offset": [0, 0.9],
          "text-max-width": 8,
          "text-optional": true,
        },
        paint: {
          "icon-opacity": either(opacity, opacity * 0.4),
          "text-opacity": either(opacity, opacity * 0.55),
          "text-color": palette.text,
          "text-halo-color": palette.halo,
          "text-halo-width": 1.4,
        },
      },
      {
        id: "facility-selected",
        shelf: "marks",
        type: "circle",
        ...source,
        filter: ["==", ["id"], selected],
        paint: {
          "circle-radius": 15 * scale,
          "circle-color": palette.accent,
          "circle-opacity": 0.25,
          "circle-stroke-color": palette.accent,
          "circle-stroke-width": 2,
        },
      },
    ],
  };
}
