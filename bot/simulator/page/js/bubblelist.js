// The talk on one phone: bubbles with their times, kept scrolled to the newest.
import { useEffect, useRef } from "preact/hooks";
import { Bubble } from "./bubbles.js";
import { html } from "./html.js";
import { bubbleTime } from "./times.js";

const GAP_MS = 5 * 60_000;

export function BubbleList({ person, account, screen, city, now, hands, onView }) {
  const list = useRef(null);
  const toEnd = () => {
    list.current.scrollTop = list.current.scrollHeight;
  };
  useEffect(toEnd, [screen.bubbles.length, screen.typing, person.following]);
  // The panels below the list change its height; the newest bubble stays in sight.
  useEffect(() => {
    const watcher = new ResizeObserver(toEnd);
    watcher.observe(list.current);
    return () => watcher.disconnect();
  }, []);
  return html`<div class="bubbles" ref=${list} role="log" aria-live="polite" aria-label=${`${person.name}和${account.name}的对话`} tabindex="0">
    ${screen.bubbles.map((one, at) => {
      const earlier = screen.bubbles[at - 1];
      const apart = !earlier || Date.parse(one.at) - Date.parse(earlier.at) > GAP_MS;
      return html`<${Row} key=${one.seq} bubble=${one} time=${apart ? bubbleTime(one.at, now) : ""} ...${{ person, account, city, hands, onView }} onSize=${toEnd} />`;
    })}
    ${screen.typing && html`<${Row} key="typing" bubble=${{ kind: "typing", from: "account" }} time="" ...${{ person, account, city, hands, onView }} />`}
  </div>`;
}

function Row({ bubble, time, person, account, ...rest }) {
  const mine = bubble.from === "me";
  return html`
    ${time && html`<p class="bubble-time"><time datetime=${bubble.at}>${time}</time></p>`}
    ${bubble.from === "notice"
      ? html`<p class=${`notice notice--${bubble.kind}`} data-test="bubble" data-kind=${bubble.kind} data-from="notice" data-seq=${bubble.seq}>${bubble.text}</p>`
      : html`<div class=${mine ? "row row--mine" : "row"} data-test="bubble" data-kind=${bubble.kind} data-from=${bubble.from} data-seq=${bubble.seq}>
          <span class=${mine ? "avatar" : "avatar avatar--account"} aria-hidden="true">${(mine ? person : account).name[0]}</span>
          <span class="visually-hidden">${mine ? person.name : account.name}：</span>
          <${Bubble} bubble=${bubble} mine=${mine} ...${rest} />
        </div>`}
  `;
}
