import { defineConfig } from "vite";

// The server's HTML pages name these two files, so their names never carry a hash.
export default defineConfig({
  build: {
    outDir: "../Server/wwwroot",
    emptyOutDir: false,
    target: "es2022",
    cssCodeSplit: false,
    chunkSizeWarningLimit: 1500,
    copyPublicDir: false,
    rolldownOptions: {
      input: { "ogc-map": "src/ogcMap.ts" },
      output: {
        entryFileNames: "ogc-map.js",
        codeSplitting: false,
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith(".css")) ? "ogc-map.css" : "assets/[name]-[hash][extname]",
      },
    },
  },
});
