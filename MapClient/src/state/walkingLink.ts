// The parts of a link that are about walking: coverage, scenarios, siting, and who walks. Pure.
import {
  candidateKinds,
  existingRules,
  objectives,
  profiles,
  weights,
  type CandidateKind,
  type ExistingRule,
  type Objective,
  type Profile,
  type Weight,
} from "../api/walking";
import { number, oneOf } from "./linkParts";
import { mostPlacesText, readWishes, writeWishes } from "./sitingLink";
import { plainWishes, type SitingWishes } from "./sitingWishes";

export const methods = ["walk", "circle", "compare"] as const;
export type Method = (typeof methods)[number];
/** Of a comparison, what the map shows: both side by side, or their difference. */
export const pictures = ["swipe", "difference"] as const;
/** What the map is coloured by: who is near, or how much there is for them. */
export const shades = ["share", "capacity"] as const;
/** Moments of a week that people ask about; a link may name any other. */
export const moments = ["We 10:00", "We 20:00", "Sa 10:00", "Su 20:00", "We 03:00"] as const;
export const tasks = ["today", "scenario", "siting"] as const;
export type Task = (typeof tasks)[number];
/** Whose people walk: those of the buildings, or those of the population cells. */
export const demands = ["buildings", "cells"] as const;
export const levels = ["street", "community", "grid"] as const;
export type Level = (typeof levels)[number];
/** A level, or the next one down that is there; grids always are. */
export const levelFrom = (wished: Level, there: readonly Level[]): Level =>
  levels.slice(levels.indexOf(wished)).find((level) => there.includes(level)) ?? "grid";

export type WalkingLink = {
  coverage: {
    facilityType: string;
    tier: string;
    serviceItem: string;
    openAt: string;
    minutes: number;
    by: Level;
    method: Method;
    demand: (typeof demands)[number];
    picture: (typeof pictures)[number];
    shade: (typeof shades)[number];
    task: Task;
    scenario: number | null;
    /** Two kept scenarios that stand side by side. */
    compared: number[];
  };
  walk: { profile: Profile };
  siting: { objective: Objective; sites: number; candidates: CandidateKind; existing: ExistingRule; weight: Weight };
  /** What the siting wizard asks beyond that. */
  wishes: SitingWishes;
};

export const plainWalking = (): WalkingLink => ({
  coverage: {
    facilityType: "",
    tier: "",
    serviceItem: "",
    openAt: "",
    minutes: 15,
    by: "street",
    method: "walk",
    demand: "buildings",
    picture: "swipe",
    shade: "share",
    task: "today",
    scenario: null,
    compared: [],
  },
  walk: { profile: "adult" },
  siting: { objective: "cover", sites: 5, candidates: "streets", existing: "keep", weight: "residents" },
  wishes: plainWishes(),
});

type Put = (name: string, value: string | number | null, usual: string | number | null) => void;
const sitingPart = ({ objective, sites, candidates, existing, weight }: WalkingLink["siting"]) =>
  [objective, sites, candidates, existing, weight].join("/");

export function writeWalking({ coverage, walk, siting, wishes }: WalkingLink, put: Put): void {
  const plain = plainWalking();
  put("facility", coverage.facilityType, "");
  put("tier", coverage.tier, "");
  put("item", coverage.serviceItem, "");
  put("open", coverage.openAt.replace(" ", "-"), "");
  put("walk", coverage.minutes, plain.coverage.minutes);
  put("by", coverage.by, plain.coverage.by);
  put("method", coverage.method, plain.coverage.method);
  put("people", coverage.demand, plain.coverage.demand);
  put("picture", coverage.picture, plain.coverage.picture);
  put("shade", coverage.shade, plain.coverage.shade);
  put("task", coverage.task, plain.coverage.task);
  put("scenario", coverage.scenario, null);
  put("compare", coverage.compared.join("."), "");
  put("pace", walk.profile, plain.walk.profile);
  put("siting", sitingPart(siting), sitingPart(plain.siting));
  put("wishes", writeWishes(wishes), "");
  if (wishes.places.length <= mostPlacesText) put("places", wishes.places, "");
}

export function readWalking(parts: URLSearchParams, link: WalkingLink): void {
  const { coverage, walk, siting } = link;
  const code = (name: string) => {
    const text = parts.get(name) ?? "";
    return /^[\w-]{1,40}$/.test(text) ? text : "";
  };
  coverage.facilityType = code("facility");
  coverage.tier = code("tier");
  coverage.serviceItem = code("item");
  const open = /^(Mo|Tu|We|Th|Fr|Sa|Su)-(([01]\d|2[0-3]):[0-5]\d)$/.exec(parts.get("open") ?? "");
  coverage.openAt = open ? `${open[1]} ${open[2]}` : "";
  coverage.minutes = number(parts.get("walk") ?? undefined, 1, 120) ?? coverage.minutes;
  coverage.by = oneOf(parts.get("by"), levels) ?? coverage.by;
  coverage.method = oneOf(parts.get("method"), methods) ?? coverage.method;
  coverage.demand = oneOf(parts.get("people"), demands) ?? coverage.demand;
  coverage.picture = oneOf(parts.get("picture"), pictures) ?? coverage.picture;
  coverage.shade = oneOf(parts.get("shade"), shades) ?? coverage.shade;
  coverage.task = oneOf(parts.get("task"), tasks) ?? coverage.task;
  coverage.scenario = number(parts.get("scenario") ?? undefined, 1, Number.MAX_SAFE_INTEGER);
  const compared = (parts.get("compare") ?? "").split(".").map((part) => number(part, 1, Number.MAX_SAFE_INTEGER));
  coverage.compared = compared.length === 2 ? compared.filter((id) => id !== null) : [];
  walk.profile = oneOf(parts.get("pace"), profiles) ?? walk.profile;
  const [objective, sites, candidates, existing, weight] = (parts.get("siting") ?? "").split("/");
  const read = {
    objective: oneOf(objective, objectives),
    sites: number(sites, 1, 500),
    candidates: oneOf(candidates, candidateKinds),
    existing: oneOf(existing, existingRules),
    weight: oneOf(weight, weights),
  };
  if (Object.values(read).every((value) => value !== null)) Object.assign(siting, read);
  link.wishes = readWishes(parts.get("wishes") ?? "", parts.get("places") ?? "");
}
