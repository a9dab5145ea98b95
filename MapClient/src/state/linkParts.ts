// What a link's parts may say. Pure.
export const number = (text: string | undefined, least: number, most: number): number | null => {
  if (text === undefined || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= least && value <= most ? value : null;
};
export const oneOf = <T extends string>(text: string | null | undefined, known: readonly T[]): T | null =>
  text !== null && text !== undefined && (known as readonly string[]).includes(text) ? (text as T) : null;
