// The whole page: clock strip, hint, people switcher, phones and drawer.
import { useEffect, useState } from "preact/hooks";
import { AddPerson } from "./addperson.js";
import { ClockStrip } from "./clockstrip.js";
import { Drawer } from "./drawer.js";
import { Hint } from "./hint.js";
import { html } from "./html.js";
import { Icon } from "./icons.js";
import { Phone } from "./phone.js";
import { roleOf } from "./roles.js";
import { useTown } from "./town.js";

export function App() {
  const town = useTown();
  const [current, setCurrent] = useState(null);
  const [drawer, setDrawer] = useState(false);
  const [adding, setAdding] = useState(false);
  const [counts, setCounts] = useState({});
  const [seen, setSeen] = useState({});
  const people = town.state?.people ?? [];
  const active = people.find((one) => one.openid === current)?.openid ?? people[0]?.openid;

  useEffect(() => {
    if (active) setSeen((old) => ({ ...old, [active]: counts[active]?.bubbles ?? 0 }));
  }, [active, counts]);

  if (!town.state) return html`<${Waiting} lost=${town.lost} />`;
  const unread = (openid) => Math.max(0, (counts[openid]?.bubbles ?? 0) - (seen[openid] ?? 0));
  const count = (openid, done) => setCounts((old) => ({ ...old, [openid]: done }));
  return html`
    <div class=${drawer ? "page page--drawer" : "page"}>
      <a class="skip" href="#phones">跳到手机</a>
      <${ClockStrip} town=${town} drawer=${drawer} onDrawer=${() => setDrawer(!drawer)} onAdd=${() => setAdding(true)} />
      <${Switcher} people=${people} active=${active} unread=${unread} onPick=${setCurrent} />
      <${Hint} people=${people} counts=${counts} skew=${town.skew} />
      ${town.lost && html`<p class="lost" role="alert">连不上模拟器，正在重试……</p>`}
      <main class="phones" id="phones" tabindex="-1">
        ${people.map(
          (one) => html`<${Phone}
            key=${`${town.epoch}/${one.openid}`}
            person=${one}
            town=${town}
            shown=${one.openid === active}
            onCount=${count}
          />`,
        )}
      </main>
      ${drawer && html`<${Drawer} key=${town.epoch} town=${town} onClose=${() => setDrawer(false)} />`}
      ${adding &&
      html`<${AddPerson}
        onClose=${() => setAdding(false)}
        onAdded=${(openid) => {
          setAdding(false);
          setCurrent(openid);
          town.refresh();
        }}
      />`}
    </div>
  `;
}

function Waiting({ lost }) {
  return html`<main class="waiting">
    <h1>共治 · 微信模拟器</h1>
    <p role="status">${lost ? "连不上模拟器，正在重试……请看看它是否还在运行。" : "正在打开……"}</p>
  </main>`;
}

function Switcher({ people, active, unread, onPick }) {
  return html`<nav class="switcher" aria-label="换一部手机">
    ${people.map((one) => {
      const news = one.openid === active ? 0 : unread(one.openid);
      return html`<button
        type="button"
        key=${one.openid}
        data-test="switch"
        data-openid=${one.openid}
        aria-pressed=${one.openid === active ? "true" : "false"}
        onClick=${() => onPick(one.openid)}
      >
        <span class="switcher__name">${one.name}</span>
        <span class="switcher__role">${roleOf(one).label}</span>
        ${news > 0 && html`<span class="badge" aria-label=${`${news} 条新消息`}>${news}</span>`}
      </button>`;
    })}
  </nav>`;
}
