// Plain geometry on the town's GeoJSON (GCJ-02, x = longitude): what is named, where a point lies, what is near.

const METRES_PER_DEGREE = 111_320;
const KINDS = { district: "区", street: "街", grid: "格", road: "路", point: "地点" };
const NEAR_METRES = 200;
const RANK = { point: 0, road: 1, grid: 2, street: 3, district: 4 };

/** Metres east and north of `origin`. */
export function toMetres(origin, lat, lng) {
  const shrink = Math.cos((origin.lat * Math.PI) / 180);
  return { x: (lng - origin.lng) * METRES_PER_DEGREE * shrink, y: (lat - origin.lat) * METRES_PER_DEGREE };
}

/** The named things of the town: `{name, kind, caption, rank, lat, lng, feature}`. */
export function listPlaces(city) {
  return (city?.features ?? [])
    .filter((one) => one.geometry && one.properties?.name)
    .map((feature) => {
      const kind = kindOf(feature);
      const middle = middleOf(feature.geometry);
      return { name: feature.properties.name, kind, caption: KINDS[kind] ?? "区", rank: RANK[kind] ?? 2, feature, ...middle };
    });
}

/** A label for a point: the place or road near it and the areas it lies in, smallest last. */
export function describePoint(places, lat, lng) {
  const areas = places.filter((one) => one.rank >= 2 && isInside(one.feature.geometry, lat, lng));
  const near = places
    .filter((one) => one.rank < 2)
    .map((one) => ({ ...one, metres: distanceTo(one.feature.geometry, lat, lng) }))
    .filter((one) => one.metres < NEAR_METRES)
    .sort((one, other) => one.metres - other.metres)[0];
  const names = areas.sort((one, other) => other.rank - one.rank).map((one) => one.name);
  if (near) names.push(`${near.name}附近`);
  return names.join(" ");
}

/** point, road, grid, street or district; whatever else the town calls its areas. */
export function kindOf(feature) {
  if (/Point/.test(feature.geometry.type)) return "point";
  const given = feature.properties?.kind;
  if (given) return given;
  return /Line/.test(feature.geometry.type) ? "road" : "grid";
}

/** The geometry's lines or rings, each a list of [lng, lat]. */
export function linesOf(geometry) {
  const { type, coordinates } = geometry;
  if (type === "Point") return [[coordinates]];
  if (type === "MultiPoint" || type === "LineString") return [coordinates];
  if (type === "Polygon" || type === "MultiLineString") return coordinates;
  if (type === "MultiPolygon") return coordinates.flat();
  return [];
}

/** Metres from a point to the nearest line or corner of the geometry. */
export function distanceTo(geometry, lat, lng) {
  const origin = { lat, lng };
  let best = Infinity;
  for (const line of linesOf(geometry)) {
    const points = line.map(([x, y]) => toMetres(origin, y, x));
    points.forEach((point, at) => {
      best = Math.min(best, distanceToOrigin(points[at - 1] ?? point, point));
    });
  }
  return best;
}

function distanceToOrigin(from, to) {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = dx * dx + dy * dy;
  const along = length ? Math.max(0, Math.min(1, -(from.x * dx + from.y * dy) / length)) : 0;
  return Math.hypot(from.x + along * dx, from.y + along * dy);
}

/** Whether a point lies in a polygon (rings count even-odd, so holes are outside). */
export function isInside(geometry, lat, lng) {
  if (!/Polygon/.test(geometry.type)) return false;
  let inside = false;
  for (const ring of linesOf(geometry)) {
    ring.forEach(([x2, y2], at) => {
      const [x1, y1] = ring[at ? at - 1 : ring.length - 1];
      if (y1 > lat !== y2 > lat && lng < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
    });
  }
  return inside;
}

function middleOf(geometry) {
  const [line] = linesOf(geometry);
  if (/Line/.test(geometry.type)) {
    const [lng, lat] = line[Math.floor(line.length / 2)];
    return { lat, lng };
  }
  const lngs = line.map((one) => one[0]);
  const lats = line.map((one) => one[1]);
  return { lat: (Math.min(...lats) + Math.max(...lats)) / 2, lng: (Math.min(...lngs) + Math.max(...lngs)) / 2 };
}
