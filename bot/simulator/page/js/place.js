// Picking a place: tap the map, or choose a name from the list, then send it.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { describePoint, distanceTo, listPlaces } from "./geo.js";
import { html } from "./html.js";
import { Sheet } from "./sheet.js";
import { openTownMap } from "./townmap.js";

const MOST_LISTED = 40;

export function PlaceSheet({ city, hands, onClose }) {
  const box = useRef(null);
  const map = useRef(null);
  const [place, setPlace] = useState(null);
  const [label, setLabel] = useState("");
  const places = useMemo(() => listPlaces(city), [city]);

  const put = (at, name, move) => {
    setPlace(at);
    setLabel(name ?? describePoint(places, at.lat, at.lng));
    map.current?.pin(at, { move });
  };
  useEffect(() => {
    map.current = openTownMap(box.current, city ?? { type: "FeatureCollection", features: [] }, (at) => put(at));
    return () => map.current.remove();
  }, [places]);

  const send = () => {
    onClose();
    hands.place({ ...place, label: label.trim() });
  };
  const confirm = html`<button type="button" class="button" data-test="confirm-place" disabled=${!place} onClick=${send}>发送</button>`;
  return html`<${Sheet} title="位置" tall action=${confirm} onClose=${onClose}>
    <div class="placemap" ref=${box} data-test="map" role="application" aria-label="地图，点一下放图钉；用键盘请在下面的列表里选"></div>
    <div class="placeform">
      <label>
        <span class="placeform__caption">地点名称（可以改）</span>
        <input data-test="place-label" value=${label} maxlength="60" placeholder=${place ? "写一个别人找得到的名字" : "先在地图上点一下，或从下面选"} onInput=${(event) => setLabel(event.currentTarget.value)} />
      </label>
      <${Coordinates} place=${place} onPut=${(at) => put(at, null, true)} />
    </div>
    <${PlaceList} places=${places} place=${place} onPick=${(one) => put({ lat: one.lat, lng: one.lng }, one.name, true)} />
  <//>`;
}

function PlaceList({ places, place, onPick }) {
  const [search, setSearch] = useState("");
  const from = place ?? null;
  const listed = places
    .filter((one) => one.name.includes(search.trim()))
    .map((one) => ({ ...one, metres: from ? distanceTo({ type: "Point", coordinates: [one.lng, one.lat] }, from.lat, from.lng) : one.rank }))
    .sort((one, other) => one.metres - other.metres)
    .slice(0, MOST_LISTED);
  if (!places.length) return html`<p class="note">城市数据里还没有区域，直接在图上点，或填坐标。</p>`;
  return html`<div class="placelist">
    <input type="search" class="placelist__search" aria-label="找地名" placeholder="找地名" value=${search} onInput=${(event) => setSearch(event.currentTarget.value)} />
    <ul>
      ${listed.map(
        (one) => html`<li key=${`${one.kind}/${one.name}`}>
          <button type="button" data-test="place-item" data-place=${one.name} onClick=${() => onPick(one)}>
            ${one.name}<small>${one.caption}</small>
          </button>
        </li>`,
      )}
    </ul>
  </div>`;
}

function Coordinates({ place, onPut }) {
  const [typed, setTyped] = useState("");
  const refused = typed && !readPoint(typed);
  const take = () => {
    const at = readPoint(typed);
    if (at) onPut(at);
  };
  return html`<details class="coordinates">
    <summary>${place ? `${place.lat.toFixed(6)}，${place.lng.toFixed(6)}` : "填坐标"}</summary>
    <div class="coordinates__row">
      <input
        data-test="place-point"
        aria-label="纬度和经度，GCJ-02，用逗号隔开"
        aria-invalid=${refused ? "true" : "false"}
        placeholder="纬度, 经度（GCJ-02）"
        value=${typed}
        onInput=${(event) => setTyped(event.currentTarget.value)}
        onKeyDown=${(event) => event.key === "Enter" && take()}
      />
      <button type="button" class="button button--plain" data-test="place-point-take" onClick=${take}>放图钉</button>
    </div>
  </details>`;
}

function readPoint(text) {
  const [lat, lng] = text.split(/[,，\s]+/).filter(Boolean).map(Number);
  const fits = Math.abs(lat) <= 90 && Math.abs(lng) <= 180;
  return fits ? { lat, lng } : null;
}
