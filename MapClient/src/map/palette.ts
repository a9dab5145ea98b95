// The colours of the map itself, by theme. Calm ground, so that what people manage (grids, incidents) stands out.
import type { Theme } from "../state/symbology";

export type { Theme };
export type Palette = {
  land: string;
  water: string;
  waterText: string;
  green: string;
  greenText: string;
  square: string;
  rail: string;
  compound: string;
  compoundEdge: string;
  compoundText: string;
  building: [low: string, high: string];
  buildingEdge: string;
  buildingText: string;
  roads: Record<"expressway" | "ring" | "arterial" | "collector" | "lane", { fill: string; casing: string }>;
  path: string;
  roadText: string;
  areaEdge: string;
  areaGlow: string;
  areaText: string;
  grid: string;
  gridText: string;
  halo: string;
  accent: string;
  text: string;
};

export const palettes: Record<Theme, Palette> = {
  light: {
    land: "#f3f1ec",
    water: "#b3d4ea",
    waterText: "#2f6690",
    green: "#d3e6c6",
    greenText: "#3d6b2f",
    square: "#ebe5d9",
    rail: "#dcd8d2",
    compound: "#ece8df",
    compoundEdge: "#d6cfc1",
    compoundText: "#6b6152",
    building: ["#e2dcd0", "#c8bfae"],
    buildingEdge: "#c2b8a6",
    buildingText: "#62594b",
    roads: {
      expressway: { fill: "#f6c27d", casing: "#d39a4c" },
      ring: { fill: "#f9d9a0", casing: "#d7b06b" },
      arterial: { fill: "#fdf0c4", casing: "#d9c48f" },
      collector: { fill: "#ffffff", casing: "#d3cdc1" },
      lane: { fill: "#fdfcfa", casing: "#dcd7cc" },
    },
    path: "#c4b9a4",
    roadText: "#5b5346",
    areaEdge: "#5d5a75",
    areaGlow: "#8c88ad",
    areaText: "#3b3955",
    grid: "#b0247e",
    gridText: "#8f1a66",
    halo: "#fbfaf7",
    accent: "#1f5fbf",
    text: "#24303d",
  },
  dark: {
    land: "#12171e",
    water: "#16304a",
    waterText: "#7fb3dc",
    green: "#17281f",
    greenText: "#86b58c",
    square: "#1a2027",
    rail: "#20262e",
    compound: "#171d25",
    compoundEdge: "#242c37",
    compoundText: "#9aa5b3",
    building: ["#222a34", "#37424f"],
    buildingEdge: "#333e4b",
    buildingText: "#a3aebb",
    roads: {
      expressway: { fill: "#6d5836", casing: "#0c1015" },
      ring: { fill: "#584b34", casing: "#0c1015" },
      arterial: { fill: "#454642", casing: "#0c1015" },
      collector: { fill: "#353d47", casing: "#0c1015" },
      lane: { fill: "#2a323c", casing: "#0f141a" },
    },
    path: "#39434f",
    roadText: "#b9c1cb",
    areaEdge: "#9a97c4",
    areaGlow: "#6d6aa0",
    areaText: "#cfcdec",
    grid: "#e46fbb",
    gridText: "#f0a0d4",
    halo: "#0d1218",
    accent: "#7fb0ff",
    text: "#e6ebf1",
  },
};
