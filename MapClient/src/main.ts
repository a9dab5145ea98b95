import { mount } from "svelte";
import Desk from "./desk/Desk.svelte";
import { loadCity, city } from "./state/city.svelte";
import { desk, followSystemTheme, theme } from "./state/desk.svelte";
import { listen } from "./state/news.svelte";
import { followScreen } from "./state/screen.svelte";
import { resumeSession } from "./state/session.svelte";
import { readLink } from "./state/urlState";
import { setLanguage } from "./text/language.svelte";
import "./ui/theme.css";

const link = readLink(location.hash);
Object.assign(desk, link);
setLanguage(link.language ?? (localStorage.getItem("gridmap.language") === "en" ? "en" : "zh"));
followSystemTheme();
// Before anything is drawn: a change of theme afterwards would flash.
document.documentElement.dataset["theme"] = theme();
followScreen();

mount(Desk, { target: document.getElementById("desk") as HTMLElement });
// A session that cannot be taken up leaves a reader: the desk opens all the same.
resumeSession().catch(() => {});
void loadCity();
listen();
setInterval(() => (city.minute = Date.now()), 30_000);
