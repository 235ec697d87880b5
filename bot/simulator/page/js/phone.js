// One person's phone: status bar, header, the talk with the account or the follow screen, and the sheets over it.
import { useEffect, useRef, useState } from "preact/hooks";
import { BubbleList } from "./bubblelist.js";
import { Composer } from "./composer.js";
import { useNow } from "./clockstrip.js";
import { useHands } from "./hands.js";
import { html } from "./html.js";
import { Icon } from "./icons.js";
import { OpenSheet } from "./opensheet.js";
import { nameOf, roleOf } from "./roles.js";
import { useScreen } from "./screen.js";
import { clockTime } from "./times.js";

export function Phone({ person, town, shown, onCount, onView }) {
  const body = useRef(null);
  const screen = useScreen(person.openid, town.tick);
  const [sheet, setSheet] = useState(null);
  const [told, setTold] = useState("");
  const hands = useHands(person.openid, setTold);
  const now = useNow(town.skew);
  const role = roleOf(person);
  const { account, menu } = town.state;
  const talked = screen.bubbles.length > 0;

  useEffect(() => {
    if (screen.loaded) onCount(person.openid, countKinds(screen.bubbles));
  }, [screen.bubbles, screen.loaded]);
  useEffect(() => {
    if (!told) return undefined;
    const timer = setTimeout(() => setTold(""), 6000);
    return () => clearTimeout(timer);
  }, [told]);

  useEffect(() => {
    const watcher = new IntersectionObserver(([one]) => onView(person.openid, one.isIntersecting), { threshold: 0.6 });
    watcher.observe(body.current);
    return () => watcher.disconnect();
  }, []);

  return html`<section
    ref=${body}
    class=${shown ? "phone is-shown" : "phone"}
    tabindex="-1"
    data-phone=${person.openid}
    data-role=${person.role}
    data-name=${person.name}
    data-following=${person.following ? "yes" : "no"}
    aria-label=${`${person.name}的手机（${role.label}）`}
    style=${{ "--role": role.color }}
    onClick=${(event) => event.target.closest("a[href]") && signInAs(person)}
  >
    <h2 class="phone__owner"><span class="avatar avatar--small" aria-hidden="true">${person.name[0]}</span><span>${nameOf(person).name}</span><small>${role.label}</small><span class="phone__unit">${nameOf(person).unit}</span></h2>
    <div class="phone__glass">
      <div class="phone__status" aria-hidden="true"><span>${clockTime(now)}</span><span class="phone__signal"></span></div>
      <header class="phone__header">
        <span class="phone__title" data-test="account-name">${account.name}</span>
        <button type="button" class="plain" data-test="profile" aria-label="公众号资料、取消关注" onClick=${() => setSheet({ kind: "profile" })}>
          <${Icon} name="more" />
        </button>
        ${hands.busy && html`<span class="phone__busy" role="status"><span class="visually-hidden">正在送达</span></span>`}
      </header>
      ${person.following || talked
        ? html`<${BubbleList} person=${person} account=${account} screen=${screen} city=${town.city} now=${now} hands=${hands} onView=${setSheet} />`
        : html`<${FollowScreen} account=${account} />`}
      ${person.following
        ? html`<${Composer} menu=${menu} hands=${hands} onSheet=${setSheet} onLink=${() => signInAs(person)} />`
        : html`<${FollowBar} hands=${hands} onSheet=${setSheet} />`}
      <p class=${told ? "toast is-told" : "toast"} role="alert">${told}</p>
      ${sheet && html`<${OpenSheet} sheet=${sheet} person=${person} town=${town} hands=${hands} onSheet=${setSheet} />`}
    </div>
  </section>`;
}

function FollowScreen({ account }) {
  return html`<div class="follow" data-test="follow-screen">
    <span class="avatar avatar--account avatar--big" aria-hidden="true">${account.name[0]}</span>
    <p class="follow__name">${account.name}</p>
    <p class="follow__kind">服务号</p>
    <p class="follow__words">看到问题，拍照告诉我们；办到哪一步，这里都会说。</p>
  </div>`;
}

function FollowBar({ hands, onSheet }) {
  return html`<footer class="followbar">
    <button type="button" class="button" data-test="follow" onClick=${() => hands.follow()}>关注</button>
    <button type="button" class="button button--plain" data-test="scan" onClick=${() => onSheet({ kind: "scan" })}>
      <${Icon} name="scan" size=${20} />扫一扫
    </button>
  </footer>`;
}

// The simulator's web sign-in reads this cookie: a page opened from a phone knows whose phone it is.
function signInAs(person) {
  document.cookie = `sim_openid=${encodeURIComponent(person.openid)}; path=/connect; SameSite=Lax`;
}

// Staff of the demo have bound their chat before anybody looks: that is not yet something tried.
const isBinding = (bubble) => bubble.kind === "text" && bubble.content.startsWith("绑定");

function countKinds(bubbles) {
  const kinds = {};
  for (const one of bubbles) {
    if (one.from === "me" && !isBinding(one)) kinds[one.kind] = (kinds[one.kind] ?? 0) + 1;
  }
  return { bubbles: bubbles.filter((one) => one.from === "account").length, kinds };
}
