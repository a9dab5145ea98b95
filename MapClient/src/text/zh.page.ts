// What the map on the server's own pages says in Chinese, in the library's names.
export const pageControls = {
  "NavigationControl.ZoomIn": "放大",
  "NavigationControl.ZoomOut": "缩小",
  "AttributionControl.ToggleAttribution": "来源",
};
