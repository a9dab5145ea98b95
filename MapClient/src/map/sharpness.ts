// Pixels of the map for each pixel of the screen. A large wall on weak graphics may ask for fewer with ?sharpness=0.5: the
// map is drawn at half size and enlarged, a quarter of the work; text and figures around it stay sharp.
export function sharpnessOf(search: string, screenRatio: number): number {
  const asked = Number(new URLSearchParams(search).get("sharpness"));
  return asked >= 0.25 && asked <= 2 ? asked : screenRatio;
}
