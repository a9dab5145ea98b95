import { en } from "./en";
import { zh } from "./zh";

export type Language = "zh" | "en";
export type TextKey = keyof typeof zh;
export const texts: Record<Language, Record<TextKey, string>> = { zh, en };

const chosen = $state<{ language: Language }>({ language: "zh" });

export const language = () => chosen.language;
export const setLanguage = (language: Language) => {
  chosen.language = language;
};

/** The words for a key in the language of the moment; `{name}` in a text is filled from `values`, `{name|one|more}` says the word that goes with its number. */
export function say(key: TextKey, values: Record<string, string | number> = {}): string {
  return texts[chosen.language][key].replace(
    /\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g,
    (hole, name: string, one?: string, more?: string) =>
      more === undefined ? String(values[name] ?? hole) : String(String(values[name]) === "1" ? one : more),
  );
}

/** Words for a code that comes from the server; a code without words is shown as it is. */
export function sayCode(prefix: string, code: string, otherwise = code, values: Record<string, string> = {}): string {
  const key = `${prefix}.${code}`;
  return key in texts[chosen.language] ? say(key as TextKey, values) : otherwise;
}

/** Of a thing with two names, the one to show. */
export const named = (thing: { name: string; nameEn?: string | null | undefined }): string =>
  chosen.language === "en" && thing.nameEn ? thing.nameEn : thing.name;
