const equatorMetres = 40_075_016.686;

/** The roundest length that fits; the Mercator scale holds for the latitude of the map's centre. */
export function scaleBar(lat: number, zoom: number, mostPixels: number): { metres: number; pixels: number } {
  const metresPerPixel = (equatorMetres * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** zoom);
  const most = metresPerPixel * mostPixels;
  const magnitude = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((step) => step * magnitude).find((length) => length <= most) ?? magnitude;
  return { metres, pixels: metres / metresPerPixel };
}
