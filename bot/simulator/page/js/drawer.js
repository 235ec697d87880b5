// 开发者抽屉: the raw traffic between the platform and the service, and the faults on order.
import { useEffect, useRef, useState } from "preact/hooks";
import { readWire } from "./door.js";
import { Faults } from "./faults.js";
import { html } from "./html.js";
import { Icon } from "./icons.js";
import { pretty } from "./pretty.js";
import { exactTime } from "./times.js";
import { gather } from "./town.js";

const MOST_KEPT = 400;
const FILTERS = [
  ["all", "全部"],
  ["push", "推送"],
  ["api", "接口"],
];

export function Drawer({ town, onClose }) {
  const [tab, setTab] = useState("wire");
  const panel = useRef(null);
  useEffect(() => panel.current.focus(), []);
  const entries = useWire(town.tick);
  const tabButton = (code, caption) => html`<button type="button" data-test=${`tab-${code}`} aria-pressed=${tab === code ? "true" : "false"} onClick=${() => setTab(code)}>${caption}</button>`;
  return html`<aside class="drawer" ref=${panel} tabindex="-1" aria-label="开发者抽屉" data-test="drawer" onKeyDown=${(event) => event.key === "Escape" && onClose()}>
    <header class="drawer__header">
      <div class="drawer__tabs" role="group" aria-label="看什么">
        ${tabButton("wire", `往来 ${entries.length}`)}${tabButton("faults", `故障 ${town.state.faults?.length ?? 0}`)}
      </div>
      <button type="button" class="plain" aria-label="关上抽屉" onClick=${onClose}><${Icon} name="close" /></button>
    </header>
    ${tab === "wire" ? html`<${Wire} entries=${entries} />` : html`<${Faults} faults=${town.state.faults ?? []} onChange=${town.refresh} />`}
  </aside>`;
}

function useWire(tick) {
  const [entries, setEntries] = useState([]);
  const pull = useRef(null);
  useEffect(() => {
    let after = 0;
    let live = true;
    pull.current = gather(async () => {
      const answer = await readWire(after).catch(() => null);
      if (!live || !answer?.entries.length) return;
      after = answer.entries[answer.entries.length - 1].seq;
      setEntries((old) => [...answer.entries.toReversed(), ...old].slice(0, MOST_KEPT));
    });
    return () => {
      live = false;
    };
  }, []);
  useEffect(() => pull.current(), [tick]);
  return entries;
}

function Wire({ entries }) {
  const [filter, setFilter] = useState("all");
  const [open, setOpen] = useState(null);
  const listed = entries.filter((one) => filter === "all" || one.direction === filter);
  return html`<div class="wire">
    <div class="wire__filters" role="group" aria-label="只看">
      ${FILTERS.map(([code, caption]) => html`<button type="button" class="chip" aria-pressed=${filter === code ? "true" : "false"} onClick=${() => setFilter(code)}>${caption}</button>`)}
    </div>
    ${listed.length === 0 && html`<p class="note">还没有往来。在手机上做点什么，这里就会出现原始的推送和接口调用。</p>`}
    <ol class="wire__list">
      ${listed.map((one) => html`<${WireRow} key=${one.seq} entry=${one} open=${open === one.seq} onToggle=${() => setOpen(open === one.seq ? null : one.seq)} />`)}
    </ol>
  </div>`;
}

function WireRow({ entry, open, onToggle }) {
  const push = entry.direction === "push";
  const good = entry.status >= 200 && entry.status < 300 && !entry.fault;
  return html`<li class="wire__row" data-test="wire-entry" data-direction=${entry.direction} data-seq=${entry.seq}>
    <button type="button" aria-expanded=${open ? "true" : "false"} onClick=${onToggle}>
      <span class="wire__time">${exactTime(entry.at)}</span>
      <span class=${`wire__way wire__way--${entry.direction}`}>${push ? "推送 →" : "← 接口"}</span>
      <span class=${good ? "wire__status" : "wire__status is-bad"}>${entry.status ?? "无答复"}</span>
      <span class="wire__ms">${Math.round(entry.ms)} ms</span>
      <span class="wire__path">${entry.method} ${pathOf(entry.url)}</span>
      ${entry.attempt > 1 && html`<span class="wire__mark">第 ${entry.attempt} 次</span>`}
      ${entry.fault && html`<span class="wire__mark is-bad">${entry.fault}</span>`}
    </button>
    ${open && html`<${WireBody} entry=${entry} push=${push} />`}
  </li>`;
}

function WireBody({ entry, push }) {
  return html`<div class="wire__body">
    <${Part} caption="地址" text=${entry.url} />
    <${Part} caption="查询参数" text=${Object.entries(entry.query ?? {}).map(([name, value]) => `${name} = ${value}`).join("\n")} />
    <${Part} caption=${push ? "推送（加密）" : "请求"} text=${push ? entry.request : pretty(entry.request)} />
    <${Part} caption="推送（解密后）" text=${pretty(entry.decrypted)} />
    <${Part} caption="答复" text=${push && entry.decrypted_response ? entry.response : pretty(entry.response)} />
    <${Part} caption="答复（解密后）" text=${pretty(entry.decrypted_response)} />
  </div>`;
}

function Part({ caption, text }) {
  if (!text) return null;
  return html`<section><h4>${caption}</h4><pre tabindex="0">${text}</pre></section>`;
}

function pathOf(url) {
  try {
    return new URL(url, location.href).pathname;
  } catch {
    return url;
  }
}
