// Coverage, by whichever way it was measured, as rows that are alike. Pure.
import type { CoverageAnswer } from "../api/contract";
import type { WalkCover, WalkCoverage } from "../api/walking";
import type { Level } from "./walkingLink";

export type CoverageRow = {
  id: number;
  kind: "area" | "grid";
  name: string;
  nameEn: string;
  residents: number;
  /** Percent of the residents on the network who walk there in time; null where nobody lives, or walking was not asked. */
  walked: number | null;
  /** Percent that the straight circle claims. */
  claimed: number | null;
  /** Percentage points that the circle claims and walking does not give. */
  overClaimed: number | null;
};

/** Percent of the residents on the network that a straight circle claims. */
export function claimedPercent(cover: WalkCover): number | null {
  const onNetwork = cover.all.residents - cover.offNetwork.residents;
  if (cover.residentsInCircle === null || onNetwork <= 0) return null;
  return Math.min(100, (cover.residentsInCircle / onNetwork) * 100);
}

/** Residents that the circle claims and walking does not give, and their share of the claim. */
export function overClaim(cover: WalkCover): { residents: number; percent: number | null } {
  const claimed = cover.residentsInCircle ?? 0;
  const residents = Math.max(0, claimed - cover.covered.residents);
  return { residents, percent: claimed > 0 ? (residents / claimed) * 100 : null };
}

const level = <T>(answer: { byStreet: T[]; byCommunity: T[] }, by: "street" | "community"): T[] =>
  by === "street" ? answer.byStreet : answer.byCommunity;

export function walkRows(answer: WalkCoverage, by: Level): CoverageRow[] {
  const rows =
    by === "grid"
      ? answer.byGrid.map(({ id, code, name, cover }) => ({
          id,
          kind: "grid" as const,
          name: name || (code ?? ""),
          nameEn: "",
          cover,
        }))
      : level(answer, by).map(({ area, cover }) => ({
          id: area?.id ?? null,
          kind: "area" as const,
          name: area?.name ?? "",
          nameEn: area?.nameEn ?? "",
          cover,
        }));
  return rows.flatMap(({ id, cover, ...row }) => {
    if (id === null) return [];
    const walked = cover.residentsPercent;
    const claimed = claimedPercent(cover);
    const overClaimed = walked === null || claimed === null ? null : Math.max(0, claimed - walked);
    return [{ ...row, id, residents: cover.all.residents, walked, claimed, overClaimed }];
  });
}

export function circleRows(answer: CoverageAnswer, by: Level): CoverageRow[] {
  const rows =
    by === "grid"
      ? answer.byGrid.map((row) => ({
          id: row.id,
          kind: "grid" as const,
          name: row.name || (row.code ?? ""),
          nameEn: "",
          cover: row,
        }))
      : level(answer, by).map((row) => ({
          id: row.area?.id ?? null,
          kind: "area" as const,
          name: row.area?.name ?? "",
          nameEn: row.area?.nameEn ?? "",
          cover: row,
        }));
  return rows.flatMap(({ id, cover, ...row }) =>
    id === null
      ? []
      : [{ ...row, id, residents: cover.residents, walked: null, claimed: cover.residentsPercent, overClaimed: null }],
  );
}

/** The worst first: least covered, or most over-claimed; among equals more people before fewer; places without people last. */
export function worstFirst(rows: CoverageRow[], measure: "walked" | "claimed" | "overClaimed"): CoverageRow[] {
  const key = (row: CoverageRow) => {
    const value = row[measure];
    if (value === null) return Infinity;
    return measure === "overClaimed" ? -value : value;
  };
  return [...rows].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    return x === y ? b.residents - a.residents : x - y;
  });
}
