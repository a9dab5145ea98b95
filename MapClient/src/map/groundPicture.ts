import { layerKeys, type LayerKey, type LayerSetting } from "../state/urlState";
import { palettes } from "./palette";
import type { Language } from "../text/language.svelte";
import type { Picture } from "./picture";

/** The quietest picture there is: no state, no answers, everything at its usual look. */
export function groundPicture(language: Language = "zh"): Picture {
  return {
    theme: "light",
    palette: palettes.light,
    language,
    now: 0,
    origin: location.origin,
    scale: 1,
    layers: Object.fromEntries(layerKeys.map((key) => [key, { on: true, opacity: 100 }])) as Record<LayerKey, LayerSetting>,
    heights: false,
    basemap: null,
    basemapStyle: null,
    areas: [],
    area: null,
    selection: null,
    selectedNet: null,
    facilityGroups: {},
    facilityTypes: null,
    facilitiesCounted: null,
    incidentQuery: "",
    incidentStatus: "",
    fresh: [],
    circle: null,
    coverage: null,
    walking: null,
    density: null,
    gridsDay: null,
    gridColours: null,
    gridHeats: null,
    plan: null,
    faults: [],
    hint: null,
  };
}
