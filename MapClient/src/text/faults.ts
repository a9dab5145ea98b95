// What the server finds wrong with a field, in the desk's language: by its code. Of the server's own words only the numbers are taken.
import { say, sayCode } from "./language.svelte";

type Fault = { field: string; code: string; expected: string };

const forms: [form: string, pattern: RegExp, names: string[]][] = [
  ["between", /(-?[\d.]*\d) to (?:below )?(-?[\d.]*\d)/, ["least", "most"]],
  ["most", /at most (-?[\d.]*\d)/, ["most"]],
  ["exactly", /^(\d+) \w+$/, ["n"]],
];

export function sayFault({ code, expected }: Fault): string {
  const told = sayCode("reason", code, say("field.expected", { expected }));
  for (const [form, pattern, names] of forms) {
    const numbers = pattern.exec(expected);
    if (numbers)
      return sayCode("reason", `${code}.${form}`, told, Object.fromEntries(names.map((name, i) => [name, numbers[i + 1] ?? ""])));
  }
  return told;
}

/** With the field, where people know it by a name. */
export function sayNamedFault(fault: Fault): string {
  const plain = fault.field.replace(/\[\d+\]/g, "");
  const name = sayCode("fieldName", plain, sayCode("fieldName", plain.split(".")[0] ?? "", ""));
  return name ? say("field.named", { name, what: sayFault(fault) }) : sayFault(fault);
}
