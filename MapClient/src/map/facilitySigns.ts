// Signs of facilities, drawn here so that no picture has to be fetched. Paths are on a 24 × 24 field.
import { facilityColours, type FacilityGroup } from "../state/symbology";

export const signPaths: Record<FacilityGroup, string> = {
  governance: "M7 5v14M7 6h10l-2.4 3L17 12H7",
  care: "M12 19s-6.5-4-6.5-8.6A3.6 3.6 0 0 1 12 8.3a3.6 3.6 0 0 1 6.5 2.1C18.5 15 12 19 12 19z",
  health: "M12 6v12M6 12h12",
  safety: "M12 5l6 2.2v4.6c0 3.6-2.5 6-6 7.2-3.5-1.2-6-3.6-6-7.2V7.2z",
  education: "M5 10l7-3.5 7 3.5-7 3.5zM8 12v4c2.4 1.6 5.6 1.6 8 0v-4",
  culture: "M12 5.5l2 4.3 4.6.5-3.4 3.2.9 4.6L12 15.8l-4.1 2.3.9-4.6-3.4-3.2 4.6-.5z",
  daily: "M7 9h10l.8 9.5H6.200zM9.500 9a2.500 2.500 0 0 1 5 0",
  transport: "M7 6.500h10v9H7zM7 11.500h10M9 15.500v2.500M15 15.500v2.500",
  other: "M12 8.500a3.500 3.500 0 1 0 .01 0z",
};

/** A white sign on a coloured tile, twice the size it is shown at. */
export function drawSign(group: FacilityGroup): ImageData {
  const size = 52;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.fillStyle = "#ffffff";
  pen.beginPath();
  pen.roundRect(2, 2, size - 4, size - 4, 15);
  pen.fill();
  pen.fillStyle = facilityColours[group];
  pen.beginPath();
  pen.roundRect(4.5, 4.5, size - 9, size - 9, 13);
  pen.fill();
  pen.translate(size / 2, size / 2);
  pen.scale(1.55, 1.55);
  pen.translate(-12, -12);
  pen.strokeStyle = "#ffffff";
  pen.lineWidth = 1.9;
  pen.lineCap = pen.lineJoin = "round";
  pen.stroke(new Path2D(signPaths[group]));
  return pen.getImageData(0, 0, size, size);
}
