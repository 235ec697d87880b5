// 新手提示: one line that says what to do next, ticked off as it is done.
import { useState } from "preact/hooks";
import { html } from "./html.js";
import { Icon } from "./icons.js";

const KEY = "gongzhi-simulator-hint";
const AHEAD_MS = 300_000;

export function Hint({ people, counts, skew }) {
  const [open, setOpen] = useState(() => recall() !== "closed");
  const steps = listSteps(people, counts, skew);
  const next = steps.findIndex((one) => !one.done);
  const toggle = (value) => {
    setOpen(value);
    remember(value ? "open" : "closed");
  };
  if (!open) {
    return html`<button type="button" class="hint-open chip" data-test="hint-open" aria-label="打开新手提示" onClick=${() => toggle(true)}>
      <${Icon} name="hint" size=${20} />新手提示
    </button>`;
  }
  return html`<section class="hint" aria-label="新手提示" data-test="hint">
    <strong class="hint__title"><${Icon} name="hint" size=${20} /><span>新手提示</span></strong>
    <ol>
      ${steps.map(
        (one, at) => html`<li class=${one.done ? "is-done" : at === next ? "is-next" : ""} aria-current=${at === next ? "step" : null}>
          <span class="hint__mark">${one.done ? html`<${Icon} name="done" size=${16} />` : at + 1}</span>
          <span>${one.text}${one.done && html`<span class="visually-hidden">（已做）</span>`}</span>
        </li>`,
      )}
      ${next === -1 && html`<li class="is-next"><span>都试过了，随便玩吧。</span></li>`}
    </ol>
    <button type="button" class="plain" aria-label="收起新手提示" onClick=${() => toggle(false)}>
      <${Icon} name="close" size=${20} />
    </button>
  </section>`;
}

function listSteps(people, counts, skew) {
  const first = (role) => people.find((one) => one.role === role);
  const citizen = first("citizen") ?? people[0];
  const officers = people.filter((one) => ["officer", "carekeeper"].includes(one.role));
  const own = counts[citizen?.openid]?.kinds ?? {};
  const steps = [
    { text: `${citizen?.name ?? "市民"}的手机上点「关注」`, done: Boolean(citizen?.following) },
    { text: "点左下角的键盘，再点右下角的 ＋：发照片、位置；再写一句话", done: Boolean(own.image && own.location && own.text) },
  ];
  const spoke = officers.some((one) => counts[one.openid]?.kinds.text);
  if (officers.length) steps.push({ text: "处理人员收到案件，发「待办」去办", done: spoke });
  steps.push({ text: "点「+1天」，看提醒怎么来", done: skew > AHEAD_MS });
  return steps;
}

// Storage may be refused (private windows): then the hint simply opens each time.
function recall() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(value) {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    /* see recall */
  }
}
