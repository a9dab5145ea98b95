// Which folder may import which. Fails on a forbidden arrow, and when it has read no file.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const source = resolve(dirname(fileURLToPath(import.meta.url)), "../src");

const mayImport = {
  ".": ["api", "state", "map", "planner", "analysis", "incidents", "filters", "desk", "wall", "ui", "text"],
  api: ["api"],
  text: ["text"],
  ui: ["ui", "text"],
  state: ["state", "api", "text"],
  map: ["map", "state", "api", "ui", "text"],
  filters: ["filters", "state", "api", "ui", "text"],
  analysis: ["analysis", "filters", "state", "api", "ui", "text"],
  incidents: ["incidents", "filters", "state", "api", "ui", "text"],
  planner: ["planner", "map", "state", "api", "ui", "text"],
  desk: ["desk", "map", "planner", "analysis", "incidents", "filters", "state", "api", "ui", "text"],
  wall: ["wall", "map", "state", "api", "ui", "text"],
};
const mapLibraries = /^(maplibre-gl|terra-draw)/;

const filesBelow = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : /\.(ts|svelte)$/.test(name) ? [path] : [];
  });
const folderOf = (path) => {
  const parts = relative(source, path).split(sep);
  return parts.length === 1 ? "." : parts[0];
};

let files = 0;
let imports = 0;
const faults = [];
for (const file of filesBelow(source)) {
  files++;
  const from = folderOf(file);
  if (!mayImport[from]) faults.push(`${relative(source, file)}: a folder without a place in the walls`);
  for (const [, name] of readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)) {
    imports++;
    if (mapLibraries.test(name)) {
      if (from !== "map") faults.push(`${relative(source, file)}: only map/ touches the map library (${name})`);
    } else if (name.startsWith(".")) {
      const to = folderOf(resolve(dirname(file), name));
      if (to !== from && !mayImport[from]?.includes(to))
        faults.push(`${relative(source, file)}: ${from} may not import ${to} (${name})`);
    }
  }
}
console.log(`walls: ${files} files, ${imports} imports, ${faults.length} faults`);
for (const fault of faults) console.error(fault);
if (files === 0 || imports === 0) console.error("walls: nothing was read");
process.exit(faults.length || !files || !imports ? 1 : 0);
