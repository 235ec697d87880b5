// The small map picture in a location bubble, drawn from the town's areas and roads.
import { kindOf, linesOf, toMetres } from "./geo.js";
import { html } from "./html.js";

const WIDTH = 232;
const HEIGHT = 108;
const METRES_ACROSS = 900;
const SCALE = WIDTH / METRES_ACROSS;
const FILLS = ["#f1ece0", "#e9efe0", "#f3e9e2", "#e6edf0"];

export function MiniMap({ lat, lng, city }) {
  const features = (city?.features ?? []).filter((one) => one.geometry);
  const areas = features.filter((one) => /Polygon/.test(one.geometry.type) && kindOf(one) !== "district");
  const roads = features.filter((one) => /Line/.test(one.geometry.type));
  const draw = (feature) => pathOf(feature.geometry, { lat, lng });
  return html`<svg class="minimap" viewBox=${`${-WIDTH / 2} ${-HEIGHT / 2} ${WIDTH} ${HEIGHT}`} preserveAspectRatio="xMidYMid slice" aria-hidden="true">
    <rect x=${-WIDTH / 2} y=${-HEIGHT / 2} width=${WIDTH} height=${HEIGHT} fill="#f4f1ea" />
    ${areas.map((one, at) => html`<path d=${draw(one)} fill=${FILLS[at % FILLS.length]} stroke="#b9ae97" stroke-width="1" stroke-dasharray="5 4" />`)}
    ${roads.map((one) => html`<path d=${draw(one)} fill="none" stroke="#d9cfb4" stroke-width=${roadWidth(one) + 2} stroke-linejoin="round" />`)}
    ${roads.map((one) => html`<path d=${draw(one)} fill="none" stroke="#fff" stroke-width=${roadWidth(one)} stroke-linejoin="round" />`)}
    <ellipse cx="0" cy="1" rx="7" ry="2.5" fill="#0003" />
    <path d="M0 0s-11-12-11-20a11 11 0 0 1 22 0c0 8-11 20-11 20z" fill="#d43c33" stroke="#fff" stroke-width="1.5" />
    <circle cx="0" cy="-20" r="4" fill="#fff" />
  </svg>`;
}

function roadWidth(feature) {
  return Math.max(5, Math.min(14, (feature.properties?.width || 20) * SCALE));
}

function pathOf(geometry, origin) {
  const closed = /Polygon/.test(geometry.type) ? "Z" : "";
  return linesOf(geometry)
    .map((line) => {
      const points = line.map(([lng, lat]) => toMetres(origin, lat, lng));
      return `M${points.map(({ x, y }) => `${(x * SCALE).toFixed(1)} ${(-y * SCALE).toFixed(1)}`).join("L")}${closed}`;
    })
    .join("");
}
