// Codes as short as they can be read in full beside each other: what all begin with is said once. Pure.
const leastDigits = 3;

export type CodeLabels = { prefix: string; of: (key: string) => string };

/** Grids that have no code yet keep their number. */
export function codeLabels(keys: readonly string[]): CodeLabels {
  const codes = keys.filter((key) => !key.startsWith("#"));
  const [first = ""] = codes;
  let common = first.length;
  for (const code of codes) {
    common = Math.min(common, Math.max(0, code.length - leastDigits));
    while (!code.startsWith(first.slice(0, common))) common--;
  }
  const prefix = first.slice(0, common);
  return { prefix, of: (key) => (key.startsWith("#") ? key : key.slice(common)) };
}
