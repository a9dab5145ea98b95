// How large the desk is drawn: a 4K screen whose system does not enlarge would make it tiny.
export const screenScale = (width: number, height: number): number =>
  width >= 3200 && height >= 1600 ? 1.6 : width >= 2500 && height >= 1250 ? 1.2 : 1;

export const screen = $state({ scale: 1 });

export function followScreen(): void {
  const measure = () => {
    screen.scale = screenScale(window.innerWidth, window.innerHeight);
    document.documentElement.style.setProperty("--scale", String(screen.scale));
  };
  measure();
  window.addEventListener("resize", measure);
}
