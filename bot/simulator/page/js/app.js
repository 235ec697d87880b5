// The whole page: clock strip, hint, people switcher, phones and drawer.
import { useEffect, useState } from "preact/hooks";
import { AddPerson } from "./addperson.js";
import { ClockStrip } from "./clockstrip.js";
import { Drawer } from "./drawer.js";
import { Hint } from "./hint.js";
import { html } from "./html.js";
import { Icon } from "./icons.js";
import { Phone } from "./phone.js";
import { nameOf, roleOf } from "./roles.js";
import { useTown } from "./town.js";

// As many phones as stand side by side on a desk; with more, the switcher shows there too.
const FEW = 4;

export function App() {
  const town = useTown();
  const [current, setCurrent] = useState(null);
  const [drawer, setDrawer] = useState(false);
  const [adding, setAdding] = useState(false);
  const [counts, setCounts] = useState({});
  const [seen, setSeen] = useState({});
  const [inView, setInView] = useState({});
  const people = town.state?.people ?? [];
  const active = people.find((one) => one.openid === current)?.openid ?? people[0]?.openid;

  useEffect(() => {
    const read = Object.entries(counts).filter(([openid]) => inView[openid]);
    if (read.length) setSeen((old) => ({ ...old, ...Object.fromEntries(read.map(([openid, one]) => [openid, one.bubbles])) }));
  }, [inView, counts]);

  if (!town.state) return html`<${Waiting} lost=${town.lost} />`;
  const unread = (openid) => Math.max(0, (counts[openid]?.bubbles ?? 0) - (seen[openid] ?? 0));
  const count = (openid, done) => {
    setCounts((old) => ({ ...old, [openid]: done }));
    // What was there when the page opened is not news.
    setSeen((old) => ({ [openid]: done.bubbles, ...old }));
  };
  const look = (openid, seesIt) => setInView((old) => ({ ...old, [openid]: seesIt }));
  const pick = (openid) => {
    setCurrent(openid);
    const phone = document.querySelector(`[data-phone="${openid}"]`);
    phone?.scrollIntoView({ inline: "center", block: "nearest" });
    // A phone that was hidden can take the focus once it is shown.
    requestAnimationFrame(() => phone?.focus({ preventScroll: true }));
  };
  return html`
    <div class=${drawer ? "page page--drawer" : "page"}>
      <a class="skip" href="#phones">跳到手机</a>
      <${Switcher} people=${people} active=${active} unread=${unread} onPick=${pick} />
      <${ClockStrip} town=${town} drawer=${drawer} onDrawer=${() => setDrawer(!drawer)} onAdd=${() => setAdding(true)} />
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
            onView=${look}
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

// One stop for the keyboard: arrows go from person to person, Enter into the phone.
function Switcher({ people, active, unread, onPick }) {
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const buttons = [...event.currentTarget.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length].focus();
  };
  return html`<nav class=${people.length > FEW ? "switcher switcher--many" : "switcher"} aria-label="换一部手机，用方向键选" onKeyDown=${move}>
    ${people.map((one) => {
      const news = unread(one.openid);
      return html`<button
        type="button"
        key=${one.openid}
        data-test="switch"
        data-openid=${one.openid}
        tabindex=${one.openid === active ? "0" : "-1"}
        title=${[nameOf(one).name, roleOf(one).label, nameOf(one).unit].filter(Boolean).join("，")}
        aria-pressed=${one.openid === active ? "true" : "false"}
        onClick=${() => onPick(one.openid)}
      >
        <span class="switcher__name">${nameOf(one).name}</span>
        <span class="switcher__role">${nameOf(one).unit || roleOf(one).label}</span>
        ${news > 0 && html`<span class="badge" aria-label=${`${news} 条新消息`}>${news}</span>`}
      </button>`;
    })}
  </nav>`;
}
