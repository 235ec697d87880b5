// The map of the place picker: Leaflet over the town's own areas and roads, without tiles.
import { Map as LeafletMap, divIcon, geoJSON, layerGroup, marker, tooltip } from "leaflet";
import { kindOf, linesOf } from "./geo.js";

// The sheet may close at any moment: an animation would run on over a map that is gone.
const STILL = { zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false };
const NAMED_FIRST = ["street", "road", "point", "grid"];
const EMPTY_VIEW = [31.556, 120.145];
const COLORS = ["#dcead2", "#f1e6cf", "#dbe8ef", "#efdcd6", "#e6dff0", "#d6ebe6"];
const PIN = divIcon({
  className: "pin",
  iconSize: [28, 38],
  iconAnchor: [14, 37],
  html: '<svg viewBox="0 0 28 38" width="28" height="38" aria-hidden="true"><path d="M14 37S1 23 1 13.500a13 13 0 0 1 26 0C27 23 14 37 14 37z" fill="#d43c33" stroke="#fff" stroke-width="2"/><circle cx="14" cy="13.5" r="5" fill="#fff"/></svg>',
});

/** A map in `box`; `onTap({lat, lng})` hears taps and drags. Returns `{pin(place, {move}), remove()}`. */
export function openTownMap(box, city, onTap) {
  const map = new LeafletMap(box, { attributionControl: false, ...STILL, zoomSnap: 0.25, minZoom: 10, maxZoom: 19 });
  const names = layerGroup();
  const layer = geoJSON(city, { style: styleOf, pointToLayer: placePoint, onEachFeature: (one, drawn) => nameFeature(one, drawn, names) });
  const bounds = layer.getBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [8, 8] });
  else map.setView(EMPTY_VIEW, 15);
  layer.addTo(map);
  names.addTo(map);
  thinNames(box);
  map.on("zoomend resize", () => thinNames(box));
  map.on("click", ({ latlng }) => onTap(round(latlng)));

  let pin = null;
  const showPin = (place, { move = false } = {}) => {
    if (pin) pin.setLatLng(place);
    else {
      pin = marker(place, { icon: PIN, draggable: true, keyboard: false, alt: "选定的位置" }).addTo(map);
      pin.on("dragend", () => onTap(round(pin.getLatLng())));
    }
    if (move) map.setView(place, Math.max(map.getZoom(), 15), { animate: false });
  };
  const watcher = new ResizeObserver(() => map.invalidateSize());
  watcher.observe(box);
  const remove = () => {
    watcher.disconnect();
    map.remove();
  };
  return { pin: showPin, remove };
}

function round({ lat, lng }) {
  return { lat: Number(lat.toFixed(6)), lng: Number(lng.toFixed(6)) };
}

function styleOf(feature) {
  const kind = kindOf(feature);
  if (kind === "road") return { color: "#c9a227", weight: 5, opacity: 0.75 };
  if (kind === "district") return { color: "#5a6b5d", weight: 2.5, fillColor: "#f4f1ea", fillOpacity: 1 };
  const name = feature.properties?.name ?? "";
  const color = COLORS[[...name].reduce((sum, sign) => sum + sign.codePointAt(0), 0) % COLORS.length];
  return { color: "#8d8468", weight: 1, dashArray: kind === "grid" ? "4 4" : null, fillColor: color, fillOpacity: kind === "grid" ? 0.55 : 0.8 };
}

function placePoint(feature, at) {
  return marker(at, { icon: divIcon({ className: "landmark", iconSize: [12, 12] }), keyboard: false, interactive: false });
}

function nameFeature(feature, layer, names) {
  const name = feature.properties?.name;
  const kind = kindOf(feature);
  if (!name || kind === "district") return;
  const words = document.createElement("span");
  words.textContent = name;
  const look = { permanent: true, direction: "center", className: `map-name map-name--${kind}`, interactive: false };
  if (kind === "point") layer.bindTooltip(words, { ...look, direction: "right", offset: [6, 0] });
  else if (kind === "road") names.addLayer(tooltip({ ...look, content: words }).setLatLng(quarterOf(feature)));
  else layer.bindTooltip(words, look);
}

// Roads cross in the middle of a town: their names stand a quarter of the way along.
function quarterOf(feature) {
  const [line] = linesOf(feature.geometry);
  const lengths = line.map(([x, y], at) => (at ? Math.hypot(x - line[at - 1][0], y - line[at - 1][1]) : 0));
  let left = lengths.reduce((sum, one) => sum + one, 0) / 4;
  for (let at = 1; at < line.length; at += 1) {
    if (lengths[at] >= left && lengths[at] > 0) {
      const part = left / lengths[at];
      const between = (axis) => line[at - 1][axis] + (line[at][axis] - line[at - 1][axis]) * part;
      return [between(1), between(0)];
    }
    left -= lengths[at];
  }
  return [line[0][1], line[0][0]];
}

// Names that would cover another are not shown; streets come first, then roads, places and grids.
function thinNames(box) {
  const kept = [];
  for (const kind of NAMED_FIRST) {
    for (const name of box.querySelectorAll(`.map-name--${kind}`)) {
      const own = name.getBoundingClientRect();
      const covered = kept.some((one) => own.left < one.right && one.left < own.right && own.top < one.bottom && one.top < own.bottom);
      name.style.visibility = covered ? "hidden" : "visible";
      if (!covered) kept.push(own);
    }
  }
}
