// 扫一扫: type a scene, or choose one of the codes that the service has made.
import { useEffect, useState } from "preact/hooks";
import { readWire } from "./door.js";
import { html } from "./html.js";
import { Sheet } from "./sheet.js";

const MOST_LISTED = 12;

export function ScanSheet({ person, hands, onClose }) {
  const [scene, setScene] = useState("");
  const [known, setKnown] = useState([]);
  useEffect(() => {
    readWire(0).then(({ entries }) => setKnown(listScenes(entries)), () => setKnown([]));
  }, []);
  const scan = (value) => {
    if (!value.trim()) return;
    onClose();
    hands.scan(value.trim());
  };
  const submit = (event) => {
    event.preventDefault();
    scan(scene);
  };
  return html`<${Sheet} title="扫一扫" onClose=${onClose}>
    <form class="scan" onSubmit=${submit}>
      <label>
        <span class="placeform__caption">二维码的场景值</span>
        <input data-test="scene" value=${scene} maxlength="64" autocomplete="off" placeholder="比如：shop-12" onInput=${(event) => setScene(event.currentTarget.value)} />
      </label>
      <button type="submit" class="button" data-test="scan-go" disabled=${!scene.trim()}>扫这个码</button>
      ${!person.following && html`<p class="note">还没关注的人扫码，会先关注，再带上这个码。</p>`}
      ${known.length > 0 &&
      html`<p class="placeform__caption">服务号做过的码</p>
        <ul class="scenes">
          ${known.map((one) => html`<li key=${one}><button type="button" class="chip" data-test="scene-item" onClick=${() => scan(one)}>${one}</button></li>`)}
        </ul>`}
    </form>
  <//>`;
}

/** The scenes of the QR codes asked for over the wire, newest first. */
export function listScenes(entries) {
  const scenes = entries
    .filter((one) => one.direction === "api" && one.url.includes("/qrcode/create"))
    .map((one) => readScene(one.request))
    .filter(Boolean);
  return [...new Set(scenes.reverse())].slice(0, MOST_LISTED);
}

function readScene(request) {
  try {
    const scene = JSON.parse(request).action_info.scene;
    return String(scene.scene_str ?? scene.scene_id);
  } catch {
    return "";
  }
}
