import { desk } from "./desk.svelte";
import { planShown } from "./planShown.svelte";

/** The day whose grids the map shows; null for those of now. Plans and figures by grid have their own. */
export const gridsDayShown = (): string | null =>
  planShown.open || (desk.panel === "hotspots" && desk.hotspots.show === "grids") ? null : desk.gridsDay;
