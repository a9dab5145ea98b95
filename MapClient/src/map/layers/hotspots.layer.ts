import { drawn, nothing, type Contribution, type Picture } from "../picture";
import { heatRamp } from "../../state/symbology";

/** The density picture with its contours. (Grids coloured by count are the grids' own layer with colours.) */
export function hotspots({ density, theme, scale }: Picture): Contribution {
  if (!density) return { sources: { "density-contours": drawn(nothing) }, drawings: [] };
  const [west = 0, south = 0, east = 0, north = 0] = density.bbox;
  const ramp = heatRamp[theme];
  return {
    sources: {
      density: {
        type: "image",
        url: density.image[theme],
        coordinates: [
          [west, north],
          [east, north],
          [east, south],
          [west, south],
        ],
      },
      "density-contours": drawn(density.contours),
    },
    drawings: [
      {
        id: "density",
        shelf: "ways",
        type: "raster",
        source: "density",
        paint: {
          "raster-opacity": ["interpolate", ["linear"], ["zoom"], 11, 0.85, 16, 0.55],
          "raster-fade-duration": 0,
          "raster-resampling": "linear",
        },
      },
      {
        id: "density-contours",
        shelf: "borders",
        type: "line",
        source: "density-contours",
        layout: { "line-join": "round" },
        paint: { "line-color": ramp[theme === "light" ? 4 : 5] ?? "#b52f43", "line-width": 0.9 * scale, "line-opacity": 0.55 },
      },
    ],
  };
}
