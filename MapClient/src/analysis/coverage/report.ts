// What a printed page says: figures, streets, gaps and parameters of the answer that the desk shows.
import { answers } from "../../state/answers.svelte";
import { areaById, city, facilityTypeByCode } from "../../state/city.svelte";
import { levelShown } from "../../state/coverageLevel";
import { circleRows, claimedPercent, overClaim, walkRows, worstFirst } from "../../state/coverageRows";
import { desk, theme } from "../../state/desk.svelte";
import { scenario } from "../../state/scenario.svelte";
import { newSites, otherChoice } from "../../state/sites";
import { sitingShown } from "../../state/siting.svelte";
import { coverageColour, gainColours } from "../../state/symbology";
import { moments } from "../../state/walkingLink";
import { formatMetres, formatNumber, formatPercent, formatPlace, formatSigned } from "../../text/format";
import { language, named, say } from "../../text/language.svelte";
import type { Bar } from "../../ui/Bars.svelte";

export type Line = { words: string; value: string };
export type Report = {
  figures: Line[];
  bars: { title: string; most?: number; items: Bar[] } | null;
  curve: { curve: number[]; value: number; unit: string; sites: number } | null;
  table: { title: string; head: string[]; rows: string[][] } | null;
  method: string;
  parameters: Line[];
};

const perThousand = (value: number | null) => (value === null ? "–" : formatNumber(value, language(), 1));
const count = (value: number) => formatNumber(value, language());
const percent = (value: number | null) => formatPercent(value, language());
const metres = (value: number | null) => (value === null ? "–" : formatMetres(Math.round(value), language()));

/** Of the kind, only those that do a thing or are open at a moment: circles know neither. */
function narrower(): Line[] {
  const { serviceItem, openAt, task, method } = desk.coverage;
  if (task === "today" && method === "circle") return [];
  const item = city.serviceItems.find((entry) => entry.code === serviceItem);
  const moment = moments.find((each) => each === openAt);
  return [
    ...(serviceItem ? [{ words: say("coverage.serviceItem"), value: item ? named(item) : serviceItem }] : []),
    ...(openAt ? [{ words: say("coverage.openAt"), value: moment ? say(`coverage.moment.${moment}`) : openAt }] : []),
  ];
}

function parameters(told: { metres: number; metresPerMinute?: number; version?: string }): Line[] {
  const { facilityType, tier, minutes } = desk.coverage;
  const type = facilityTypeByCode(facilityType);
  const area = areaById(desk.areaId);
  return [
    { words: say("coverage.type"), value: type ? named(type) : facilityType },
    ...(tier ? [{ words: say("card.tier"), value: tier }] : []),
    ...narrower(),
    { words: say("report.area"), value: area ? named(area) : say("level.all") },
    {
      words: say("coverage.minutes"),
      value: say("circle.minutes", { n: formatNumber(minutes, language(), Number.isInteger(minutes) ? 0 : 1) }),
    },
    { words: say("report.metres"), value: metres(told.metres) },
    ...(told.metresPerMinute === undefined
      ? []
      : [
          {
            words: say("report.pace"),
            value: `${say(`walk.profile.${desk.walk.profile}`)} · ${say("rings.pace", { n: count(told.metresPerMinute) })}`,
          },
        ]),
    ...(told.version === undefined ? [] : [{ words: say("report.version"), value: told.version }]),
    { words: say("report.program"), value: `GridMap ${city.facts?.version ?? ""}` },
  ];
}

function ofToday(): Report | null {
  if (desk.coverage.method === "circle") {
    const answer = answers.coverage;
    if (!answer) return null;
    const { total } = answer;
    return {
      figures: [
        { words: say("coverage.facilities"), value: count(answer.facilities) },
        { words: say("circle.residents"), value: count(total.residents) },
        { words: say("report.claimed"), value: `${count(total.residentsCovered)} (${percent(total.residentsPercent)})` },
        { words: say("coverage.buildings"), value: count(total.buildingsCovered) },
        { words: say("coverage.households"), value: count(total.householdsCovered) },
      ],
      bars: {
        title: say("coverage.legend.claimed"),
        most: 100,
        items: worstFirst(circleRows(answer, levelShown("street")), "claimed").map((row) => ({
          key: row.id,
          words: named(row),
          value: row.claimed ?? 0,
          shown: percent(row.claimed),
          colour: coverageColour(row.claimed, theme()) ?? undefined,
        })),
      },
      curve: null,
      table: null,
      method: `${say("coverage.method", { radius: metres(answer.radiusMetres) })} · ${say("coverage.circleWarning")}`,
      parameters: parameters({ metres: answer.radiusMetres }),
    };
  }
  const answer = answers.walkCoverage;
  if (!answer) return null;
  const { total } = answer;
  const over = overClaim(total);
  const isOfCells = answer.demand === "cells";
  return {
    figures: [
      { words: say("coverage.facilities"), value: count(answer.facilities) },
      { words: say("circle.residents"), value: count(total.all.residents) },
      { words: say("report.walked"), value: `${count(total.covered.residents)} (${percent(total.residentsPercent)})` },
      { words: say("report.claimed"), value: `${count(total.residentsInCircle ?? 0)} (${percent(claimedPercent(total))})` },
      { words: say("report.over"), value: `${count(over.residents)} (${percent(over.percent)})` },
      { words: say("circle.elderly"), value: `${count(total.covered.elderly)} (${percent(total.elderlyPercent)})` },
      { words: say("circle.children"), value: `${count(total.covered.children)} (${percent(total.childrenPercent)})` },
      { words: say("coverage.mean"), value: metres(total.meanMetres) },
      { words: say("coverage.p95"), value: metres(total.p95Metres) },
      { words: say("coverage.twice"), value: count(total.residentsTwice) },
      ...(answers.catchment?.facilityType === answer.facilityType && answers.catchment.capacity > 0
        ? [{ words: say("capacity.legend"), value: perThousand(answers.catchment.total.perThousand) }]
        : []),
      {
        words: say(isOfCells ? "report.off.cells" : "report.off"),
        value: `${count(total.offNetwork.residents)} / ${count(total.offNetwork.buildings)}`,
      },
    ],
    bars: {
      title: say("coverage.legend.walked"),
      most: 100,
      items: worstFirst(walkRows(answer, levelShown("street")), "walked").map((row) => ({
        key: row.id,
        words: named(row),
        value: row.walked ?? 0,
        ...(row.claimed === null ? {} : { behind: row.claimed, detail: say("coverage.claims", { share: percent(row.claimed) }) }),
        shown: percent(row.walked),
        colour: coverageColour(row.walked, theme()) ?? undefined,
      })),
    },
    curve: null,
    table: answers.walkGaps && {
      title: say("report.gaps", { n: count(answers.walkGaps.count) }),
      head: ["#", say("circle.residents"), say("report.why"), say("report.nearest")],
      rows: answers.walkGaps.gaps.features
        .slice(0, 8)
        .map(({ properties: gap }) => [
          String(gap.rank),
          count(gap.people.residents),
          say(`gap.${gap.reason}`),
          gap.nearestName === null
            ? "–"
            : `${named({ name: gap.nearestName, nameEn: gap.nearestNameEn })}, ${metres(gap.nearestMetres)}`,
        ]),
    },
    method: say(isOfCells ? "report.method.cells" : "report.method"),
    parameters: [
      ...(isOfCells ? [{ words: say("coverage.demand"), value: say("coverage.demand.cells") }] : []),
      ...parameters(answer),
    ],
  };
}

function ofScenario(): Report | null {
  const answer = scenario.answer;
  if (!answer) return null;
  const { today, scenario: then } = answer;
  const colours = gainColours[theme()];
  const change = (now: number, later: number) => `${count(now)} → ${count(later)} (${formatSigned(later - now, language())})`;
  return {
    figures: [
      ...(scenario.kept ? [{ words: say("scenario.name"), value: scenario.kept.name }] : []),
      { words: say("scenario.changes"), value: count(scenario.history.present.length) },
      { words: say("report.walked"), value: change(today.covered.residents, then.covered.residents) },
      {
        words: say("report.share"),
        value: `${percent(today.residentsPercent)} → ${formatPercent(then.residentsPercent, language(), 2)}`,
      },
      ...(scenario.capacity && (scenario.capacity.today.capacity > 0 || scenario.capacity.scenario.capacity > 0)
        ? [
            {
              words: say("capacity.legend"),
              value: `${perThousand(scenario.capacity.today.total.perThousand)} → ${perThousand(scenario.capacity.scenario.total.perThousand)}`,
            },
          ]
        : []),
      { words: say("scenario.gained"), value: count(answer.gained) },
      { words: say("scenario.lost"), value: count(answer.lost) },
      { words: say("circle.elderly"), value: change(today.covered.elderly, then.covered.elderly) },
      { words: say("circle.children"), value: change(today.covered.children, then.covered.children) },
      { words: say("coverage.mean"), value: `${metres(today.meanMetres)} → ${metres(then.meanMetres)}` },
    ],
    bars: {
      title: say("scenario.byStreet"),
      items: answer.byStreet.flatMap(({ area, today: now, scenario: later }) => {
        const difference = later.covered.residents - now.covered.residents;
        if (!area || !difference) return [];
        return [
          {
            key: area.id,
            words: named(area),
            value: Math.abs(difference),
            shown: formatSigned(difference, language()),
            colour: difference > 0 ? colours.gain : colours.loss,
          },
        ];
      }),
    },
    curve: null,
    table: {
      title: say("scenario.changes"),
      head: ["#", say("report.change"), say("report.where")],
      rows: scenario.history.present
        .slice(0, 12)
        .map((each, index) => [
          String(index + 1),
          say(`scenario.kind.${({ add: "new", move: "moved", close: "closed", resize: "resized" } as const)[each.op]}`),
          [
            scenario.facilities.find((facility) => facility.id === each.id)?.name ?? "",
            each.lon && each.lat ? formatPlace({ lon: each.lon, lat: each.lat }) : "",
            each.capacity === null || each.capacity === undefined ? "" : say("scenario.offers", { n: count(each.capacity) }),
          ]
            .filter(Boolean)
            .join(" · "),
        ]),
    },
    method: say("report.method"),
    parameters: parameters(answer),
  };
}

function ofSiting(): Report | null {
  const best = answers.siting;
  const result = best && otherChoice(best, sitingShown.other);
  if (result?.facilityType !== desk.coverage.facilityType) return null;
  const added = newSites(result);
  const measured = (value: number) => (result.unit === "metres" ? metres(value) : count(value));
  return {
    figures: [
      { words: say("siting.objective"), value: say(`siting.objective.${result.objective}`) },
      { words: say("siting.new"), value: count(added.length) },
      { words: say(`siting.value.${result.objective}`), value: measured(result.value) },
      ...(result.today === null ? [] : [{ words: say("coverage.task.today"), value: measured(result.today) }]),
      {
        words: say("report.bound"),
        value: result.isOptimal
          ? say("siting.optimal")
          : say("siting.bound", { percent: formatNumber(result.gapPercent, language(), result.gapPercent < 1 ? 2 : 1) }),
      },
      { words: say("siting.weight"), value: say(`siting.weight.${result.weight}`) },
      { words: say("siting.candidateCount"), value: count(result.candidates) },
    ],
    bars: null,
    curve: result.curve.length > 1 ? { curve: result.curve, value: result.value, unit: result.unit, sites: added.length } : null,
    table: {
      title: say("siting.list"),
      head: ["#", say("card.name"), say("report.where")],
      rows: added.slice(0, 20).map((site, index) => [String(index + 1), site.name || "–", formatPlace(site.place)]),
    },
    method: say("report.methodSiting", { seed: result.seed }),
    parameters: parameters(result),
  };
}

/** Null while there is no answer to print. */
export const reportNow = (): Report | null =>
  desk.coverage.task === "scenario" ? ofScenario() : desk.coverage.task === "siting" ? ofSiting() : ofToday();
