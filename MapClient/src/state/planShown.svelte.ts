// What of an open plan the map shows. The planner's desk puts it here; the map draws it and reports gestures.
import type { MultiLineString } from "geojson";
import type { PlanFault, PlanGrid, PlanMove } from "../api/planContract";
import { codeLabels } from "./codeLabels";

export const planTools = ["select", "split", "reshape", "vertex", "draw", "transfer"] as const;
export type PlanTool = (typeof planTools)[number];
/** The draft, the grids as they are today, both with a line between them, or what changes hands. */
export const planViews = ["today", "plan", "swipe", "difference"] as const;
export type PlanView = (typeof planViews)[number];
/** What a grid's colour says. */
export const planColours = ["mesh", "households", "residents", "buildings", "density", "load", "compactness", "centre"] as const;
export type PlanColour = (typeof planColours)[number];

class PlanShown {
  /** A plan is open. */
  open = $state(false);
  /** The gestures of drawing work: a draft, and somebody who may edit it. */
  editable = $state(false);
  grids = $state.raw<PlanGrid[]>([]);
  readonly labels = $derived(codeLabels(this.grids.map(({ key }) => key)));
  /** Grids of today that the draft changed, as they are in the base. */
  before = $state.raw<PlanGrid[]>([]);
  moves = $state.raw<PlanMove[]>([]);
  faults = $state.raw<PlanFault[]>([]);
  /** What an edit would make of the grids, before it is made. */
  preview = $state.raw<{ grids: PlanGrid[]; gone: string[] } | null>(null);
  selected = $state.raw<string[]>([]);
  hovered = $state<string | null>(null);
  view = $state<PlanView>("plan");
  tool = $state<PlanTool>("select");
  colour = $state<PlanColour>("mesh");
  /** Borders of another net that are none of the draft's. */
  netBorders = $state.raw<MultiLineString | null>(null);

  clear(): void {
    this.open = this.editable = false;
    this.grids = this.before = [];
    this.moves = [];
    this.faults = [];
    this.preview = null;
    this.selected = [];
    this.hovered = null;
    this.view = "plan";
    this.tool = "select";
    this.colour = "mesh";
    this.netBorders = null;
  }
}
export const planShown = new PlanShown();
