// The chart library, fetched only when a chart is first shown, and only the parts in use.
import type { EChartsCoreOption, EChartsType } from "echarts/core";

let loaded: Promise<typeof import("./chartLibrary")> | undefined;
const library = () => (loaded ??= import("./chartLibrary"));

/** Draws into an element and follows its size; call `show` again with the next option. */
export function chart(element: HTMLElement) {
  let drawn: EChartsType | undefined;
  let latest: EChartsCoreOption | undefined;
  let gone = false;
  const size = new ResizeObserver(() => drawn?.resize());
  void library().then(({ init }) => {
    if (gone) return;
    drawn = init(element);
    if (latest) drawn.setOption(latest, true);
    size.observe(element);
  });
  return {
    show(option: EChartsCoreOption) {
      latest = option;
      drawn?.setOption(option, true);
    },
    remove() {
      gone = true;
      size.disconnect();
      drawn?.dispose();
    },
  };
}
export const calmCharts = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
