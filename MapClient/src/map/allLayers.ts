import { areas } from "./layers/areas.layer";
import { buildings } from "./layers/buildings.layer";
import { circle } from "./layers/circle.layer";
import { compounds } from "./layers/compounds.layer";
import { coverage } from "./layers/coverage.layer";
import { facilities } from "./layers/facilities.layer";
import { grids } from "./layers/grids.layer";
import { hotspots } from "./layers/hotspots.layer";
import { incidents } from "./layers/incidents.layer";
import { landscapes } from "./layers/landscapes.layer";
import { plan } from "./layers/plan.layer";
import { planner } from "./layers/planner.layer";
import { roads } from "./layers/roads.layer";
import { stands } from "./layers/stands.layer";
import { walking } from "./layers/walking.layer";

/** Within one shelf, drawings keep this order. */
export const allLayers = [
  landscapes,
  compounds,
  buildings,
  roads,
  hotspots,
  coverage,
  grids,
  areas,
  walking,
  circle,
  facilities,
  incidents,
  plan,
  planner,
  stands,
];
