import { heatRamp, type Theme } from "./symbology";

type Colour = [red: number, green: number, blue: number];
const colourOf = (hex: string): Colour => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Colour;

/** A colour of the ramp at 0 to 1, between its steps. */
export function rampAt(ramp: string[], share: number): Colour {
  const at = Math.max(0, Math.min(1, share)) * (ramp.length - 1);
  const low = colourOf(ramp[Math.floor(at)] ?? "#000000");
  const high = colourOf(ramp[Math.ceil(at)] ?? "#000000");
  return low.map((part, index) => Math.round(part + ((high[index] ?? 0) - part) * (at % 1))) as Colour;
}

/**
 * Gives a density picture the theme's colours. The server draws evenly spaced levels, each less transparent than the one
 * below, so that the rank of a pixel's opacity is its level.
 */
export function recolour(pixels: Uint8ClampedArray, theme: Theme): void {
  const known = new Set<number>();
  for (let at = 3; at < pixels.length; at += 4) if (pixels[at]) known.add(pixels[at] ?? 0);
  const levels = [...known].sort((a, b) => a - b);
  const shades = new Map(
    levels.map((opacity, rank) => {
      const share = (rank + 1) / levels.length;
      return [opacity, [...rampAt(heatRamp[theme], share), Math.round(235 * Math.min(1, share * 2.6) ** 0.8)]];
    }),
  );
  for (let at = 0; at < pixels.length; at += 4) {
    const shade = shades.get(pixels[at + 3] ?? 0);
    if (shade) pixels.set(shade, at);
  }
}

/** The picture in the colours of both themes, as addresses that a map can show. */
export async function inBothThemes(picture: Blob): Promise<Record<Theme, string>> {
  const bitmap = await createImageBitmap(picture);
  const draw = async (theme: Theme): Promise<string> => {
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const pen = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
    pen.drawImage(bitmap, 0, 0);
    const image = pen.getImageData(0, 0, bitmap.width, bitmap.height);
    recolour(image.data, theme);
    pen.putImageData(image, 0, 0);
    return URL.createObjectURL(await canvas.convertToBlob());
  };
  const both = { light: await draw("light"), dark: await draw("dark") };
  bitmap.close();
  return both;
}
export const forget = (images: Record<Theme, string>): void => Object.values(images).forEach((image) => URL.revokeObjectURL(image));
