// The page's own line drawings, 24 units square.
import { html } from "./html.js";

const PATHS = {
  keyboard: "M3 6h18v12H3zM6.5 9.500h.01M10 9.500h.01M14 9.500h.01M17.5 9.500h.01M6.5 12.500h.01M17.5 12.500h.01M9 15h6",
  menu: "M4 7h16M4 12h16M4 17h16",
  plus: "M12 5v14M5 12h14",
  album: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
  camera: "M4 8h4l1.5-2.500h5L16 8h4v11H4zM12 10a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.600z",
  place: "M12 21s7-6.3 7-11.500A7 7 0 0 0 5 9.500C5 14.7 12 21 12 21zM12 7a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16",
  voice: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM6 11a6 6 0 0 0 12 0M12 17v4",
  video: "M3 7h12v10H3zM15 11l6-3v8l-6-3",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  wire: "M8 4L4 8l4 4M4 8h12M16 12l4 4-4 4M20 16H8",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20a7.5 7.5 0 0 1 15 0",
  hint: "M9.5 18h5M10.5 21h3M12 3a6 6 0 0 0-3.5 10.900c.6.5 1 1.2 1 2.100h5c0-.9.4-1.6 1-2.100A6 6 0 0 0 12 3z",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.500l3 2",
  play: "M8 5.500v13l10.5-6.500z",
  sound: "M5 9v6h3l5 4V5L8 9zM16 9a4 4 0 0 1 0 6M18.5 6.500a8 8 0 0 1 0 11",
  done: "M5 12.500l4.5 4.500L19 7.5",
};

/** One drawing, hidden from screen readers: the button around it carries the name. */
export function Icon({ name, size = 24 }) {
  return html`<svg class="icon" width=${size} height=${size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d=${PATHS[name]} fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />
  </svg>`;
}
