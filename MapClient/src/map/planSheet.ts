// The open plan as a picture for paper: its own map, larger than the screen's, on light ground whatever the desk wears.
import type { Bbox } from "../api/contract";
import { planColoursOf } from "../state/planColours";
import { planShown } from "../state/planShown.svelte";
import { cityStyle } from "./cityStyle";
import { deskPicture } from "./deskPicture.svelte";
import { createMapView } from "./mapView";
import { palettes } from "./palette";
import type { Picture } from "./picture";
import { scaleBar } from "./scaleBar";

const longestWaitMs = 30_000;
/** On paper letters are larger than on the screen, as far as the labels of so many grids have room. */
const biggerOf = (grids: number) => Math.max(1.1, Math.min(1.7, 1.7 * Math.sqrt(60 / grids)));

function onPaper(): Picture {
  const picture = deskPicture();
  const colours = planColoursOf(planShown.grids, [], planShown.colour, "light").byKey;
  return {
    ...picture,
    theme: "light",
    palette: palettes.light,
    scale: biggerOf(planShown.grids.length),
    selection: null,
    faults: [],
    plan: picture.plan && { ...picture.plan, view: "plan", colours, preview: null, selected: [], hovered: null, netBorders: null },
  };
}

export type PlanSheetMap = { image: string; scale: { metres: number; share: number } };

/** The scale's length is a share of the picture's width. */
export async function planSheetMap(bbox: Bbox, width: number, height: number): Promise<PlanSheetMap> {
  const frame = document.createElement("div");
  frame.style.cssText = `position:fixed;left:-${width + 100}px;top:0;width:${width}px;height:${height}px;visibility:hidden`;
  frame.inert = true;
  document.body.append(frame);
  const own = createMapView(frame, cityStyle(onPaper()), null, bbox, false);
  try {
    await own.still(longestWaitMs);
    const { lat, zoom } = own.view();
    const { metres, pixels } = scaleBar(lat, zoom, width / 6);
    return { image: await own.picture(), scale: { metres, share: pixels / width } };
  } finally {
    own.remove();
    frame.remove();
  }
}
