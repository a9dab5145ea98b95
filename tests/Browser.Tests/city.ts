// One scratch city for the whole run: two databases (a sample city, an empty one), a server on each, all taken away again.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";
import pg from "pg";

const program = process.env["GRIDMAP_SERVER_DLL"] ?? resolve(import.meta.dirname, "../../Server/bin/Release/net10.0/GridMap.Server.dll");
const admin = process.env["GRIDMAP_TEST_DB"];

export type Running = { address: string; stop: () => Promise<void> };

export const freePort = () =>
  new Promise<number>((done) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => done(port));
    });
  });

function addressOf(database: string): string {
  const url = new URL(admin as string);
  url.pathname = `/${database}`;
  return url.toString();
}
const command = (database: string, ...args: string[]): string =>
  execFileSync("dotnet", [program, ...args], { env: { ...process.env, GRIDMAP_DB: addressOf(database) }, encoding: "utf8" });

export async function startServer(database: string, port: number): Promise<Running> {
  const child: ChildProcess = spawn("dotnet", [program], {
    env: { ...process.env, GRIDMAP_DB: addressOf(database), PORT: String(port), GRIDMAP_READ: "open" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: Buffer) => (said = (said + text.toString()).slice(-4000)));
  const gone = new Promise<void>((done) => child.once("exit", () => done()));
  const address = `http://127.0.0.1:${port}`;
  const until = Date.now() + 60_000;
  while (!(await fetch(`${address}/api/city`).then((answer) => answer.ok, () => false))) {
    if (Date.now() > until || child.exitCode !== null) {
      child.kill("SIGKILL");
      throw new Error(`the server did not start:\n${said}`);
    }
    await new Promise((done) => setTimeout(done, 200));
  }
  return {
    address,
    stop: async () => {
      child.kill("SIGTERM");
      const patience = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await gone;
      clearTimeout(patience);
    },
  };
}

// The sample's year is fixed; the wall and the desk speak of today. The whole year is moved so that it ends a moment ago.
async function endNow(database: string): Promise<void> {
  const inside = new pg.Client({ connectionString: addressOf(database) });
  await inside.connect();
  await inside.query(`
    BEGIN;
    SET LOCAL gridmap.bulk = 'on';
    CREATE TEMP TABLE moved ON COMMIT DROP AS SELECT now() - max(reported_at) - interval '2 minutes' AS by FROM incidents;
    UPDATE incidents SET reported_at = reported_at + moved.by, due_at = due_at + moved.by, closed_at = closed_at + moved.by FROM moved;
    UPDATE incident_steps SET at = at + moved.by FROM moved;
    COMMIT;`);
  await inside.end();
}

export default async function setUp(): Promise<() => Promise<void>> {
  if (!admin) throw new Error("GRIDMAP_TEST_DB must name a PostGIS server, for example postgresql://gridmap@127.0.0.1:5432/postgres");
  if (!existsSync(program)) throw new Error(`build the server first: ${program} is not there`);
  const name = `gridmap_browser_${randomBytes(4).toString("hex")}`;
  const databases = [name, `${name}_empty`];
  const door = new pg.Client({ connectionString: admin });
  await door.connect();
  const servers: Running[] = [];
  const tearDown = async () => {
    for (const server of servers) await server.stop();
    for (const database of databases) await door.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    await door.end();
  };
  try {
    for (const database of databases) {
      await door.query(`CREATE DATABASE ${database}`);
      command(database, "migrate");
    }
    command(name, "sample", "--grids", "60");
    await endNow(name);
    const key = command(name, "key", "create", "--name", "browser-tests", "--role", "administrator").trim().split("\n").at(-1) ?? "";
    servers.push(await startServer(name, await freePort()), await startServer(`${name}_empty`, await freePort()));
    Object.assign(process.env, { DESK: servers[0]?.address, EMPTY: servers[1]?.address, KEY: key, DATABASE: name });
  } catch (error) {
    await tearDown();
    throw error;
  }
  return tearDown;
}
