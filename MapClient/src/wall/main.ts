import { mount } from "svelte";
import { setLanguage } from "../text/language.svelte";
import "../ui/theme.css";
import Wall from "./Wall.svelte";
import { startWall } from "./wallState.svelte";

const asked = new URLSearchParams(location.search);
setLanguage(asked.get("lang") === "en" ? "en" : "zh");
document.documentElement.lang = asked.get("lang") === "en" ? "en" : "zh";
const area = Number(asked.get("area"));
startWall(Number.isSafeInteger(area) && area > 0 ? area : null);
mount(Wall, { target: document.getElementById("wall") as HTMLElement });
