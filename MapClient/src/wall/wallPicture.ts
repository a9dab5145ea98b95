import { queryString } from "../api/http";
import { groupsOfTypes } from "../map/deskPicture.svelte";
import { palettes } from "../map/palette";
import { minuteOf, type Picture } from "../map/picture";
import { city } from "../state/city.svelte";
import { news } from "../state/news.svelte";
import { layerKeys, type LayerKey, type LayerSetting } from "../state/urlState";
import { language } from "../text/language.svelte";
import { areaOfWall, wall } from "./wallState.svelte";

const shown: Record<LayerKey, LayerSetting> = {
  ...(Object.fromEntries(layerKeys.map((key) => [key, { on: true, opacity: 100 }])) as Record<LayerKey, LayerSetting>),
  facilities: { on: false, opacity: 100 },
  compounds: { on: false, opacity: 100 },
  grids: { on: true, opacity: 45 },
};

export function wallPicture(scale: number): Picture {
  const own = areaOfWall();
  return {
    theme: "dark",
    palette: { ...palettes.dark, land: "#0c1118" },
    language: language(),
    now: minuteOf(city.minute),
    origin: location.origin,
    scale,
    layers: shown,
    heights: false,
    basemap: null,
    basemapStyle: null,
    areas: city.areas,
    area: wall.areaId === null ? null : (own ?? null),
    selection: null,
    selectedNet: null,
    facilityGroups: groupsOfTypes(),
    facilityTypes: null,
    facilitiesCounted: null,
    incidentQuery: queryString({ status: "open", areaId: wall.areaId }),
    incidentStatus: "open",
    fresh: news.fresh,
    circle: null,
    coverage: null,
    walking: null,
    density: wall.density,
    gridsDay: null,
    gridColours: null,
    gridHeats: null,
    plan: null,
    faults: [],
    hint: null,
  };
}
