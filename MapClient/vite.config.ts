import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const server = process.env["GRIDMAP_SERVER"] ?? "http://127.0.0.1:5080";
const passedOn = Object.fromEntries(["/api", "/tiles", "/ogc", "/health"].map((path) => [path, server]));

export default defineConfig({
  plugins: [svelte()],
  server: { host: "127.0.0.1", proxy: passedOn },
  build: {
    outDir: "../Server/wwwroot",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { input: { desk: "index.html", wall: "wall.html" } },
  },
});
