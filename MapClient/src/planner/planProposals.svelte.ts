// What the machine proposes for the open plan, also while it still thinks: kept while another part of the plan, or of the desk, is looked at.
import type { PlanImprovement, PlanProposal, ProposalsWanted } from "../api/planContract";
import { problemOf, wasWithdrawn } from "../api/problem";
import { askImprovements, runProposals, tryEdit } from "../api/plans";
import { planShown } from "../state/planShown.svelte";
import { sayFault } from "../text/faults";
import { planDesk, words } from "./planDesk.svelte";
import { improvedBy, type Improved } from "./planFigures";

export type Measure = "households" | "residents" | "incidents" | "hectares";
type Wishes = {
  /** Null for the first community of the plan. */
  areaId: number | null;
  keep: number;
  seed: number;
  keepCompounds: boolean;
  measure: Measure;
  least: number;
  most: number;
};
const noWishes = (): Wishes => ({
  areaId: null,
  keep: 0.3,
  seed: 1,
  keepCompounds: false,
  measure: "households",
  least: 0,
  most: 0,
});

class PlanProposalsKept {
  wishes = $state<Wishes>(noWishes());
  asked = $state.raw<ProposalsWanted | null>(null);
  shown = $state<number | null>(null);
  fault = $state("");
  seconds = $state(0);
  percentDone = $state<number | null>(null);
  /** Single moves, each with what it makes better as soon as that is known. */
  moves = $state.raw<{ version: number; items: PlanImprovement[]; improved: (Improved | null)[] } | null>(null);
  movesFault = $state("");
  movesBusy = $state(false);
  #planId: number | null = null;
  #found = $state.raw<{ version: number; items: PlanProposal[] } | null>(null);
  #thinking = $state.raw<AbortController | null>(null);
  #looking: AbortController | undefined;

  /** What was proposed for another plan is dropped. */
  of(planId: number): void {
    if (this.#planId === planId) return;
    this.cancel();
    this.#looking?.abort();
    this.#planId = planId;
    this.wishes = noWishes();
    this.asked = this.shown = this.#found = this.moves = null;
    this.fault = this.movesFault = "";
    this.movesBusy = false;
  }
  /** Null while none was asked for, or when the plan is another by now: a proposal is for the version it was made on. */
  get items(): PlanProposal[] | null {
    return this.#found && this.#found.version === planDesk.plan?.version ? this.#found.items : null;
  }
  get isStale(): boolean {
    return this.#found !== null && !!planDesk.plan && this.#found.version !== planDesk.plan.version;
  }
  get isThinking(): boolean {
    return this.#thinking !== null;
  }
  cancel(): void {
    this.#thinking?.abort();
  }
  async ask(wanted: ProposalsWanted): Promise<void> {
    const { plan } = planDesk;
    if (!plan) return;
    this.cancel();
    const stop = (this.#thinking = new AbortController());
    this.fault = "";
    this.#found = this.percentDone = null;
    this.hide();
    this.asked = wanted;
    this.seconds = 0;
    const clock = setInterval(() => this.#thinking === stop && this.seconds++, 1000);
    try {
      const told = await runProposals(plan.id, wanted, (percent) => (this.percentDone = percent), stop.signal);
      if (this.#thinking === stop) this.#found = { version: plan.version, items: told.proposals };
    } catch (error) {
      const problem = problemOf(error);
      if (!wasWithdrawn(error) && this.#thinking === stop)
        this.fault = problem.errors[0] ? sayFault(problem.errors[0]) : words(problem);
    }
    clearInterval(clock);
    if (this.#thinking === stop) this.#thinking = null;
  }
  hide(): void {
    this.shown = null;
    void planDesk.preview(null);
  }
  async show(choice: number): Promise<void> {
    if (!this.asked) return;
    this.shown = choice;
    planShown.view = "plan";
    await planDesk.preview({ type: "delineate", ...this.asked, choice });
  }
  /** True when it was done. */
  async use(choice: number): Promise<boolean> {
    if (!this.asked) return false;
    this.hide();
    if (!(await planDesk.edit({ type: "delineate", ...this.asked, choice }))) return false;
    this.#found = null;
    return true;
  }

  async askMoves(): Promise<void> {
    const { plan } = planDesk;
    if (!plan) return;
    this.#looking?.abort();
    const stop = (this.#looking = new AbortController());
    this.movesBusy = true;
    this.movesFault = "";
    try {
      const items = await askImprovements(plan.id, { areaId: plan.area.id, keep: 0, seed: 1, keepCompounds: true });
      if (!stop.signal.aborted) this.moves = { version: plan.version, items, improved: items.map(() => null) };
    } catch (error) {
      if (!stop.signal.aborted) this.movesFault = words(problemOf(error));
    }
    if (stop.signal.aborted) return;
    this.movesBusy = false;
    void this.#lookAtMoves(plan.id, stop.signal);
  }
  /** The list says sizes only: what else a move makes better is learned by trying it, one after the other. */
  async #lookAtMoves(planId: number, stop: AbortSignal): Promise<void> {
    for (const [index, move] of this.moves?.items.entries() ?? []) {
      const told = await tryEdit(planId, moveCommand(move), stop).catch(() => null);
      const { moves } = this;
      const { plan } = planDesk;
      if (stop.aborted || !moves || moves.version !== plan?.version) return;
      const improved = told && improvedBy(planShown.grids, told, plan);
      this.moves = { ...moves, improved: moves.improved.map((each, i) => (i === index ? improved : each)) };
    }
  }
}

export const moveCommand = ({ to, geometry }: PlanImprovement) => ({ type: "transfer" as const, to, geometry });
export const planProposals = new PlanProposalsKept();
