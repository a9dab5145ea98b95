import { queryString } from "../api/http";
import { answers } from "../state/answers.svelte";
import type { StyleSpecification } from "maplibre-gl";
import { basemapStyle } from "../state/basemap.svelte";
import { areaById, city } from "../state/city.svelte";
import { isScenarioOpen, scenario, standsNow } from "../state/scenario.svelte";
import { otherChoice, sitesAsStands } from "../state/sites";
import { sitingShown } from "../state/siting.svelte";
import { capacityGainPicture, capacityPicture } from "../state/capacityRows";
import { levelShown } from "../state/coverageLevel";
import { circlePicture, gainPicture, measureOf, walkPicture, type CoveragePicture } from "../state/coveragePicture";
import { desk, incidentFilter, theme } from "../state/desk.svelte";
import { heatColours } from "../state/gridHeat";
import { news } from "../state/news.svelte";
import { planColoursOf } from "../state/planColours";
import { gridsDayShown } from "../state/gridsDay.svelte";
import { planShown } from "../state/planShown.svelte";
import { screen } from "../state/screen.svelte";
import { language, say, texts } from "../text/language.svelte";
import { palettes } from "./palette";
import { minuteOf, remembering, type Picture } from "./picture";
import { facilityGroups, type Theme } from "../state/symbology";

/** Every facility type and the top group it belongs to. */
export function groupsOfTypes(): Record<string, string> {
  const parents = new Map(city.facilityTypes.map((entry) => [entry.code, entry.parentCode]));
  return Object.fromEntries(
    city.facilityTypes.map(({ code }) => {
      let top = code;
      for (let steps = 0; steps < 8 && parents.get(top); steps++) top = parents.get(top) ?? top;
      return [code, (facilityGroups as readonly string[]).includes(top) ? top : "other"];
    }),
  );
}

/** What a planner needs to see of the city: streets and buildings stay, what moves about does not; today's borders are faint beside the draft's. */
const calmLayers = (layers: Picture["layers"]): Picture["layers"] => ({
  ...layers,
  incidents: { ...layers.incidents, on: false },
  grids: { ...layers.grids, opacity: 30 },
});
const planColours = remembering(planColoursOf);
const planned = (): Picture["plan"] =>
  planShown.open
    ? {
        grids: planShown.grids,
        before: planShown.before,
        moves: planShown.moves,
        preview: planShown.preview,
        selected: planShown.selected,
        hovered: planShown.hovered,
        view: planShown.view,
        netBorders: planShown.netBorders,
        colours: planColours(planShown.grids, planShown.before, planShown.colour, theme()).byKey,
        words: { zh: texts.zh["plan.households"], en: texts.en["plan.households"] },
      }
    : null;

/** An analysis is about some facilities, or none: the others would only be in its way. */
function shownTypes(): string[] | null {
  if (desk.panel === "hotspots" || planShown.open) return [];
  const chosen = desk.coverage.facilityType;
  if (desk.panel !== "coverage" || !chosen) return null;
  if (desk.coverage.task === "scenario" || sitesShown()) return [];
  return city.facilityTypes.filter((entry) => entry.code === chosen || entry.parentCode === chosen).map((entry) => entry.code);
}

/** Facilities that the answer does not count would seem to serve people: they are faint. */
function countedShown(): number[] | null {
  if (desk.panel !== "coverage" || answers.counted?.facilityType !== desk.coverage.facilityType) return null;
  return answers.counted.items.filter((item) => item.standing === "counted").map((item) => item.id);
}

function coverageShown(mode: Theme): CoveragePicture | null {
  const { facilityType, task, method, shade } = desk.coverage;
  const by = levelShown();
  if (desk.panel !== "coverage" || !facilityType) return null;
  if (task === "scenario") {
    if (shade === "capacity") return scenario.capacity && capacityGainPicture(scenario.capacity, mode);
    return scenario.drawn && gainPicture(scenario.drawn, mode);
  }
  if (task !== "today") return null;
  if (method === "circle") return answers.coverage && circlePicture(answers.coverage, by, mode);
  if (method === "walk" && shade === "capacity" && answers.catchment) return capacityPicture(answers.catchment, by, mode);
  return answers.walkCoverage && walkPicture(answers.walkCoverage, answers.walkGaps, by, measureOf(desk.coverage), mode);
}

/** The answer about sites, while it is about the kind of facility that is chosen. */
const sitesShown = () =>
  desk.panel === "coverage" && desk.coverage.task === "siting" && answers.siting?.facilityType === desk.coverage.facilityType
    ? answers.siting
    : null;

function walkingShown(): Picture["walking"] {
  if (desk.panel === "circle") return { isochrone: answers.isochrone, route: answers.route, stands: [] };
  if (isScenarioOpen()) {
    // What is in the hand is drawn by its marker.
    const hidden = scenario.held?.key ?? scenario.chosen;
    return { isochrone: null, route: null, stands: standsNow().filter((stand) => stand.key !== hidden) };
  }
  const chosen = sitesShown();
  return chosen && { isochrone: null, route: null, stands: sitesAsStands(otherChoice(chosen, sitingShown.other)) };
}

/** What lies beside the picture when two are held against each other: right of the line, with a word for either side. */
export function besidePicture(): { picture: Picture; before: string; after: string } | null {
  if (planShown.open && planShown.view === "swipe") {
    const picture = deskPicture();
    return {
      picture: { ...picture, plan: picture.plan && { ...picture.plan, view: "plan" } },
      before: say("plan.view.today"),
      after: say("plan.view.plan"),
    };
  }
  const { facilityType, task, method, picture } = desk.coverage;
  const isSwiped = desk.panel === "coverage" && facilityType && task === "today" && method === "compare" && picture === "swipe";
  if (!isSwiped || !answers.walkCoverage) return null;
  return {
    picture: { ...deskPicture(), coverage: walkPicture(answers.walkCoverage, null, levelShown(), "claimed", theme()) },
    before: say("coverage.way.walk"),
    after: say("coverage.way.circle"),
  };
}

/** Incidents would lie over the answer about services. */
function shownLayers(): Picture["layers"] {
  const layers = $state.snapshot(desk.layers);
  return desk.panel === "coverage" ? { ...layers, incidents: { ...layers.incidents, on: false } } : layers;
}

/** In the desk's own theme, or in another: paper is light whatever the desk wears. */
export function deskPicture(mode: Theme = theme()): Picture {
  const { from, to, category, status, areaId } = incidentFilter();
  const heats = desk.panel === "hotspots" && desk.hotspots.show === "grids" ? answers.gridHeats : null;
  return {
    theme: mode,
    palette: palettes[mode],
    language: language(),
    now: minuteOf(city.minute),
    origin: location.origin,
    scale: screen.scale,
    layers: planShown.open ? calmLayers($state.snapshot(desk.layers)) : shownLayers(),
    heights: desk.heights,
    basemap: city.facts?.basemap ?? null,
    basemapStyle: basemapStyle() as StyleSpecification | null,
    areas: city.areas,
    area: areaById(desk.areaId) ?? null,
    selection: desk.selection,
    selectedNet:
      desk.selection?.kind === "grid" && answers.grid?.id === desk.selection.id && answers.grid.net !== "base"
        ? answers.grid.net
        : null,
    facilityGroups: groupsOfTypes(),
    facilityTypes: shownTypes(),
    facilitiesCounted: countedShown(),
    incidentQuery: queryString({ from, to, category, status, areaId }),
    incidentStatus: desk.status,
    fresh: planShown.open ? [] : news.fresh,
    circle: desk.panel === "circle" ? answers.circle : null,
    coverage: coverageShown(mode),
    walking: walkingShown(),
    density: desk.panel === "hotspots" && desk.hotspots.show === "density" ? answers.density : null,
    gridsDay: gridsDayShown(),
    gridColours: heats ? heatColours(heats, desk.hotspots.measure, mode) : null,
    gridHeats: heats,
    plan: planned(),
    faults: planShown.open ? planShown.faults : desk.panel === "planner" ? answers.faults : [],
    hint: answers.hint,
  };
}
