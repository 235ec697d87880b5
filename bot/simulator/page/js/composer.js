// The bar at the bottom of a phone: the account's menu, the keyboard, and the + panel.
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "./html.js";
import { Icon } from "./icons.js";
import { MenuBar } from "./menubar.js";

const PLUS = [
  ["album", "相册", "album"],
  ["camera", "拍摄", "camera"],
  ["location", "位置", "place"],
  ["scan", "扫一扫", "scan"],
  ["voice", "语音", "voice"],
  ["video", "视频", "video"],
];
const MOST_LINES_PX = 112;

export function Composer({ menu, hands, onSheet, onLink }) {
  const hasMenu = menu?.length > 0;
  const [mode, setMode] = useState("menu");
  const [plus, setPlus] = useState(false);
  const album = useRef(null);
  const showsMenu = hasMenu && mode === "menu";
  const pick = (what) => {
    setPlus(false);
    if (what === "album") album.current.click();
    else onSheet({ kind: what });
  };
  const send = (event) => {
    const files = [...event.currentTarget.files];
    event.currentTarget.value = "";
    hands.photos(files);
  };
  return html`<footer class="composer">
    <input ref=${album} class="visually-hidden" type="file" accept="image/*" multiple tabindex="-1" aria-label="从相册选照片" data-test="photo-file" onChange=${send} />
    <div class="composer__bar">
      ${hasMenu &&
      html`<button
        type="button"
        class="plain composer__switch"
        data-test="menu-toggle"
        data-shows=${showsMenu ? "menu" : "keyboard"}
        aria-label=${showsMenu ? "打开键盘" : "打开菜单"}
        onClick=${() => {
          setMode(showsMenu ? "keyboard" : "menu");
          setPlus(false);
        }}
      >
        <${Icon} name=${showsMenu ? "keyboard" : "menu"} />
      </button>`}
      ${showsMenu
        ? html`<${MenuBar} menu=${menu} hands=${hands} onSheet=${onSheet} onLink=${onLink} />`
        : html`<${Keyboard} hands=${hands} plus=${plus} focus=${hasMenu} onPlus=${() => setPlus(!plus)} />`}
    </div>
    ${plus && !showsMenu && html`<${PlusPanel} onPick=${pick} onClose=${() => setPlus(false)} />`}
  </footer>`;
}

function Keyboard({ hands, plus, focus, onPlus }) {
  const [words, setWords] = useState("");
  const field = useRef(null);
  useEffect(() => {
    if (focus) field.current.focus();
  }, []);
  useEffect(() => {
    field.current.style.height = "auto";
    field.current.style.height = `${Math.min(field.current.scrollHeight + 2, MOST_LINES_PX)}px`;
  }, [words]);
  const send = async () => {
    if (!words.trim()) return;
    setWords("");
    field.current.focus();
    if ((await hands.text(words)) === null) setWords((newer) => newer || words);
  };
  const press = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  return html`
    <textarea
      ref=${field}
      class="composer__input"
      data-test="input"
      aria-label="写消息"
      rows="1"
      value=${words}
      enterkeyhint="send"
      onInput=${(event) => setWords(event.currentTarget.value)}
      onKeyDown=${press}
    ></textarea>
    ${words.trim()
      ? html`<button key="send" type="button" class="button composer__send" data-test="send" onClick=${send}>发送</button>`
      : html`<button key="plus" type="button" class="plain" data-test="plus" aria-label="更多：照片、位置等" aria-expanded=${plus ? "true" : "false"} onClick=${onPlus}>
          <span class="ring"><${Icon} name="plus" size=${20} /></span>
        </button>`}
  `;
}

function PlusPanel({ onPick, onClose }) {
  const panel = useRef(null);
  useEffect(() => panel.current.querySelector("button").focus(), []);
  const press = (event) => event.key === "Escape" && onClose();
  return html`<div class="plus" ref=${panel} role="group" aria-label="更多" onKeyDown=${press}>
    ${PLUS.map(
      ([what, caption, icon]) => html`<button type="button" data-test=${what} onClick=${() => onPick(what)}>
        <span class="plus__icon"><${Icon} name=${icon} size=${28} /></span>${caption}
      </button>`,
    )}
  </div>`;
}
