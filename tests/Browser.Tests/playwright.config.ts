import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  globalSetup: "./city.ts",
  outputDir: "../../artifacts/browser",
  timeout: 240_000,
  expect: { timeout: 15_000 },
  // Drawing without a graphics card is slow, and all tests share one server: one after the other is quickest.
  workers: 1,
  fullyParallel: false,
  retries: process.env["CI"] ? 2 : 0,
  forbidOnly: !!process.env["CI"],
  reporter: [["list"]],
  use: {
    viewport: { width: 1440, height: 900 },
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    // The map jumps instead of flying: the journeys are about where it arrives.
    contextOptions: { reducedMotion: "reduce" },
    permissions: ["clipboard-read", "clipboard-write"],
    launchOptions: {
      executablePath: process.env["GRIDMAP_CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
        "--ignore-gpu-blocklist",
        "--disable-background-networking",
        "--disable-quic",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
    trace: "retain-on-failure",
  },
});
