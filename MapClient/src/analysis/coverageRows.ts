import type { CoverageAnswer, Cover } from "../api/contract";

export type CoverageRow = { id: number; kind: "area" | "grid"; name: string; nameEn: string; cover: Cover };

/** Rows of one level with the least covered first; places without residents have no share and come last. */
export function coverageRows(answer: CoverageAnswer, by: "street" | "community" | "grid"): CoverageRow[] {
  const rows: CoverageRow[] =
    by === "grid"
      ? answer.byGrid.flatMap((row) =>
          row.id === null
            ? []
            : [{ id: row.id, kind: "grid" as const, name: row.name || (row.code ?? ""), nameEn: "", cover: row }],
        )
      : (by === "street" ? answer.byStreet : answer.byCommunity).map((row) => ({
          id: row.area.id,
          kind: "area",
          name: row.area.name,
          nameEn: row.area.nameEn,
          cover: row,
        }));
  return rows.sort(
    (a, b) => (a.cover.residentsPercent ?? 101) - (b.cover.residentsPercent ?? 101) || b.cover.residents - a.cover.residents,
  );
}
