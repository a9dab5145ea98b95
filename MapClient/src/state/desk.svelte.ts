// What the desk shows and has chosen: one object, everything in it can be put into a link.
import { language } from "../text/language.svelte";
import { city } from "./city.svelte";
import { periodQuery } from "./period";
import { plainLink, type Link, type PanelName, type SelectedKind } from "./urlState";

export const desk = $state<Link>(plainLink());

const system = $state({ dark: false });
export const followSystemTheme = () => {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  system.dark = dark.matches;
  dark.addEventListener("change", () => (system.dark = dark.matches));
};
export const theme = (): "light" | "dark" => (desk.theme === "system" ? (system.dark ? "dark" : "light") : desk.theme);

export const openPanel = (panel: PanelName | null) => {
  desk.panel = panel;
};
export const select = (kind: SelectedKind, id: number) => {
  desk.selection = { kind, id };
};

/** The filters of the moment as the server is asked. `now` is read once a minute at most, so that answers can be shared. */
export function incidentFilter() {
  const { from, to } = periodQuery(desk.period, city.timeZone, city.minute);
  return { from, to, category: [...desk.categories], status: desk.status || undefined, areaId: desk.areaId ?? undefined };
}

export const currentLink = (): Link => ({ ...$state.snapshot(desk), language: language() }) as Link;
