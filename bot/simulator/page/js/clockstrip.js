// The strip on top: the simulated time, the buttons that move it forward, and the page's own buttons.
import { useEffect, useState } from "preact/hooks";
import { advanceClock } from "./door.js";
import { html } from "./html.js";
import { Icon } from "./icons.js";
import { clockTime, dayName } from "./times.js";

const STEPS = [
  ["10m", "+10分", "快进 10 分钟", 600],
  ["1h", "+1小时", "快进 1 小时", 3600],
  ["1d", "+1天", "快进 1 天", 86_400],
  ["3d", "+3天", "快进 3 天", 259_200],
];

export function ClockStrip({ town, drawer, onDrawer, onAdd }) {
  const now = useNow(town.skew);
  const [told, setTold] = useState("");
  const advance = async ([, , title, seconds]) => {
    setTold("");
    try {
      const { now: moved } = await advanceClock(seconds);
      setTold(`已${title}，现在是 ${dayName(moved)} ${clockTime(moved)}`);
      town.refresh();
    } catch (error) {
      setTold(error.message);
    }
  };
  return html`<header class="strip">
    <h1 class="strip__title">
      <img src="./style/icon.svg" alt="" width="28" height="28" />
      <span>共治 <small>微信模拟器 · 演示，人和事都是编的</small></span>
    </h1>
    <div class="strip__clock" role="group" aria-label="模拟的时间（北京时间）">
      <time class="strip__time" data-test="clock" datetime=${new Date(now).toISOString()}>
        <span class="strip__day">${dayName(now)}</span>
        <strong>${clockTime(now)}</strong>
      </time>
      ${STEPS.map(
        (step) => html`<button type="button" class="chip" data-test=${`advance-${step[0]}`} aria-label=${step[2]} title=${step[2]} onClick=${() => advance(step)}>
          ${step[1]}
        </button>`,
      )}
      <span class="visually-hidden" role="status">${told}</span>
    </div>
    <div class="strip__tools">
      <button type="button" class="chip" data-test="add-person" aria-label="加一个人" onClick=${onAdd}>
        <${Icon} name="person" size=${20} /><span class="wide-only">加一个人</span>
      </button>
      <button type="button" class="chip" data-test="drawer-toggle" aria-label="开发者抽屉" aria-expanded=${drawer ? "true" : "false"} onClick=${onDrawer}>
        <${Icon} name="wire" size=${20} /><span class="wide-only">开发者抽屉</span>
      </button>
    </div>
  </header>`;
}

/** The simulated time now, in ms, renewed each second. */
export function useNow(skew) {
  const [real, setReal] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setReal(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return real + skew;
}
