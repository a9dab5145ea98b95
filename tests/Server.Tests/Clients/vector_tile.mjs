// Reads a tile with Mapbox's own reader and prints what is in it as GeoJSON: node vector_tile.mjs PACKAGES ADDRESS LAYER Z X Y
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [packages, address, layer, z, x, y] = process.argv.slice(2);
const from = createRequire(`${packages}/`);
const load = (name) => import(pathToFileURL(from.resolve(name)));
const [{ VectorTile }, pbf] = await Promise.all([load("@mapbox/vector-tile"), load("pbf")]);
const Pbf = pbf.PbfReader ?? pbf.default;
const response = await fetch(`${address}/tiles/${layer}/${z}/${x}/${y}.mvt`);
if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
const tile = new VectorTile(new Pbf(new Uint8Array(await response.arrayBuffer())));
const names = Object.keys(tile.layers);
if (names.length !== 1 || names[0] !== layer) throw new Error(`layers: ${names}`);
const { version, extent, length } = tile.layers[layer];
if (version !== 2 || extent !== 4096) throw new Error(`version ${version}, extent ${extent}`);
const features = Array.from({ length }, (_, index) => tile.layers[layer].feature(index).toGeoJSON(Number(x), Number(y), Number(z)));
process.stdout.write(JSON.stringify({ type: "FeatureCollection", features }));
