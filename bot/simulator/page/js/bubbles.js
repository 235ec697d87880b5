// The bubbles themselves, one function for each kind.
import { useState } from "preact/hooks";
import { mediaUrl } from "./door.js";
import { html } from "./html.js";
import { Icon } from "./icons.js";
import { MiniMap } from "./minimap.js";
import { RichText } from "./richtext.js";

const KINDS = {
  text: TextBubble,
  image: ImageBubble,
  voice: VoiceBubble,
  video: VideoBubble,
  location: LocationBubble,
  news: NewsBubble,
  msgmenu: MsgmenuBubble,
  template: TemplateBubble,
  typing: TypingBubble,
};

export function Bubble(props) {
  return html`<${KINDS[props.bubble.kind] ?? UnknownBubble} ...${props} />`;
}

function TextBubble({ bubble, mine, hands }) {
  return html`<div class="bubble bubble--words"><${RichText} content=${bubble.content} anchors=${!mine} onItem=${hands.item} /></div>`;
}

function ImageBubble({ bubble, onView, onSize }) {
  const [gone, setGone] = useState(false);
  if (gone) return html`<div class="bubble bubble--gone">照片已过期</div>`;
  const src = mediaUrl(bubble.media_id);
  return html`<button type="button" class="bubble bubble--image" aria-label="照片，点开看大图" onClick=${() => onView({ kind: "view", src })}>
    <img src=${src} alt="照片" onLoad=${onSize} onError=${() => setGone(true)} />
  </button>`;
}

function VoiceBubble({ bubble }) {
  const [state, setState] = useState("still");
  const src = mediaUrl(bubble.media_id);
  const play = async () => {
    setState("playing");
    const sound = new Audio(src);
    sound.addEventListener("ended", () => setState("still"));
    await sound.play().catch(() => setState("unplayable"));
  };
  return html`<div class="bubble bubble--words bubble--voice">
    <button type="button" class="voice" onClick=${play} aria-label="语音，点一下播放">
      <${Icon} name="sound" size=${20} />语音${state === "playing" ? " · 播放中" : ""}
    </button>
    ${state === "unplayable" && html`<a class="rich-link" href=${src} download>浏览器放不了这种语音，点这里下载</a>`}
  </div>`;
}

function VideoBubble({ bubble, onView }) {
  const src = mediaUrl(bubble.media_id);
  return html`<button type="button" class="bubble bubble--video" aria-label="视频，点开播放" onClick=${() => onView({ kind: "view", src, video: true })}>
    <span class="ring"><${Icon} name="play" size=${26} /></span>
  </button>`;
}

function LocationBubble({ bubble, city }) {
  const at = `${Number(bubble.lat).toFixed(5)}，${Number(bubble.lng).toFixed(5)}`;
  return html`<div class="bubble bubble--card bubble--location">
    <p class="card__title">${bubble.label || "位置"}</p>
    <p class="card__note">${at}</p>
    <${MiniMap} lat=${Number(bubble.lat)} lng=${Number(bubble.lng)} city=${city} />
  </div>`;
}

function NewsBubble({ bubble }) {
  const [first, ...others] = bubble.articles;
  return html`<div class="bubble bubble--card bubble--news">
    <${Article} article=${first} alone=${others.length === 0} />
    ${others.map((one) => html`<${Article} key=${one.url} article=${one} small />`)}
  </div>`;
}

function Article({ article, alone, small }) {
  const [bare, setBare] = useState(!article.picurl);
  const picture = bare
    ? html`<span class="news__bare" aria-hidden="true">${article.title?.[0] ?? "文"}</span>`
    : html`<img src=${article.picurl} alt="" onError=${() => setBare(true)} />`;
  const body = html`
    <span class="news__picture">${picture}</span>
    <span class="news__title">${article.title}</span>
    ${alone && article.description && html`<span class="news__words">${article.description}</span>`}
  `;
  const look = `news ${small ? "news--small" : alone ? "news--alone" : "news--cover"}`;
  return isWeb(article.url)
    ? html`<a class=${look} href=${article.url} target="_blank" rel="noopener noreferrer">${body}</a>`
    : html`<span class=${look}>${body}</span>`;
}

function MsgmenuBubble({ bubble, hands }) {
  return html`<div class="bubble bubble--words msgmenu">
    ${bubble.head && html`<p><${RichText} content=${bubble.head} anchors onItem=${hands.item} /></p>`}
    <ul>
      ${bubble.items.map(
        (one) => html`<li key=${one.id}>
          <button type="button" class="msgmenu__item" data-test="msgmenu-item" data-item=${one.id} onClick=${() => hands.item({ id: one.id, content: one.content })}>
            ${one.content}
          </button>
        </li>`,
      )}
    </ul>
    ${bubble.tail && html`<p><${RichText} content=${bubble.tail} anchors onItem=${hands.item} /></p>`}
  </div>`;
}

function TemplateBubble({ bubble }) {
  return html`<div class="bubble bubble--card template">
    <p class="card__title">${bubble.title}</p>
    <dl>
      ${bubble.fields.map((one) => html`<div key=${one.name}><dt>${one.name}</dt><dd>${one.value}</dd></div>`)}
    </dl>
    ${isWeb(bubble.url) && html`<a class="template__more" href=${bubble.url} target="_blank" rel="noopener noreferrer">查看详情</a>`}
  </div>`;
}

function TypingBubble() {
  return html`<div class="bubble bubble--words typing"><span class="visually-hidden">正在输入</span><i></i><i></i><i></i></div>`;
}

function UnknownBubble({ bubble }) {
  return html`<div class="bubble bubble--words">［${bubble.kind}］</div>`;
}

const isWeb = (url) => /^https?:\/\//i.test(url ?? "");
