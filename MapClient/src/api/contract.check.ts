// Holds what the client believes (contract.ts) against what the server promises (types.gen.ts): a difference does not compile.
import type * as believed from "./contract";
import type * as plans from "./planContract";
import type { components } from "./types.gen";

type Promised = components["schemas"];
/** Shape alone: the contract writes words where the client knows which words, and lists where it knows their length. */
type Shape<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends readonly (infer Item)[]
        ? Shape<Item>[]
        : T extends object
          ? { [Key in keyof T]-?: Shape<Exclude<T[Key], undefined>> }
          : T;
/** Everything that is sent can be used as what is believed. */
type Kept<Sent extends Belief, Belief> = Sent;

export type Checked = [
  Kept<Shape<Promised["City"]>, Shape<believed.City>>,
  Kept<Shape<Promised["Area"]>, Shape<believed.Area>>,
  Kept<Shape<Promised["AreaDetails"]>, Shape<believed.AreaDetail>>,
  Kept<Shape<Promised["CatalogueEntry"]>, Shape<believed.CatalogueEntry>>,
  Kept<Shape<Promised["Department"]>, Shape<believed.Department>>,
  Kept<Shape<Promised["Found"]>, Shape<believed.Found>>,
  Kept<Shape<Promised["Location"]>, Shape<believed.Located>>,
  Kept<Shape<Promised["Summary"]>, Shape<believed.Summary>>,
  Kept<Shape<Omit<Promised["Circle"], "outline">>, Shape<Omit<believed.CircleAnswer, "outline">>>,
  Kept<Shape<Omit<Promised["CoverageAnswer"], "gaps">>, Shape<Omit<believed.CoverageAnswer, "gaps">>>,
  Kept<Shape<Promised["GridCounts"]>, Shape<believed.GridHeats>>,
  Kept<Shape<Promised["Incident"]>, Shape<believed.Incident>>,
  Kept<Shape<Promised["IncidentWithSteps"]>, Shape<believed.IncidentDetail>>,
  Kept<Shape<Promised["PageOfIncident"]>, Shape<believed.Page<believed.Incident>>>,
  Kept<Shape<Promised["Me"]>, Shape<believed.Me>>,
  Kept<Shape<Promised["Plan"]>, Shape<plans.Plan>>,
  Kept<Shape<Omit<Promised["PlanGrid"], "geometry">>, Shape<Omit<plans.PlanGrid, "geometry">>>,
  Kept<Shape<Promised["PlanFault"]>, Shape<plans.PlanFault>>,
  Kept<Shape<Promised["PlanCheck"]>, Shape<plans.PlanCheck>>,
  Kept<Shape<Promised["PlanProposals"]>, Shape<plans.PlanProposals>>,
  Kept<Shape<Promised["PlanPublished"]>, Shape<plans.PlanPublished>>,
  Kept<Shape<Promised["GridLife"]>, Shape<plans.GridLife>>,
  Kept<Shape<Promised["PlanConsultation"]>, Shape<plans.PlanConsultation>>,
  Kept<keyof believed.IncidentReport, keyof Promised["IncidentWanted"]>,
  Kept<keyof believed.IncidentWork, keyof Promised["IncidentChange"]>,
];
