// Which sheet is open over a phone.
import { useState } from "preact/hooks";
import { html } from "./html.js";
import { PlaceSheet } from "./place.js";
import { PhotoSheet, VideoSheet, VoiceSheet } from "./mediasheets.js";
import { ScanSheet } from "./scan.js";
import { Sheet } from "./sheet.js";

export function OpenSheet({ sheet, person, town, hands, onSheet }) {
  const onClose = () => onSheet(null);
  const now = Date.now() + town.skew;
  switch (sheet.kind) {
    case "location":
      return html`<${PlaceSheet} city=${town.city} hands=${hands} onClose=${onClose} />`;
    case "camera":
      return html`<${PhotoSheet} title="拍摄：选一张示例照片" hands=${hands} now=${now} onClose=${onClose} />`;
    case "photos":
      return html`<${PhotoSheet} title="选照片" album hands=${hands} now=${now} onClose=${onClose} />`;
    case "scan":
      return html`<${ScanSheet} person=${person} hands=${hands} onClose=${onClose} />`;
    case "voice":
      return html`<${VoiceSheet} hands=${hands} onClose=${onClose} />`;
    case "video":
      return html`<${VideoSheet} hands=${hands} now=${now} onClose=${onClose} />`;
    case "view":
      return html`<${ViewSheet} sheet=${sheet} onClose=${onClose} />`;
    default:
      return html`<${ProfileSheet} person=${person} account=${town.state.account} notices=${town.state.notices ?? []} hands=${hands} onClose=${onClose} />`;
  }
}

function ViewSheet({ sheet, onClose }) {
  return html`<${Sheet} title=${sheet.video ? "视频" : "照片"} tall dark onClose=${onClose}>
    <div class="view">
      ${sheet.video ? html`<video src=${sheet.src} controls autoplay></video>` : html`<img src=${sheet.src} alt="照片大图" />`}
    </div>
  <//>`;
}

function ProfileSheet({ person, account, notices, hands, onClose }) {
  const leave = () => {
    onClose();
    hands.unfollow();
  };
  return html`<${Sheet} title="公众号资料" onClose=${onClose}>
    <div class="profile">
      <span class="avatar avatar--account avatar--big" aria-hidden="true">${account.name[0]}</span>
      <p class="follow__name">${account.name}</p>
      <p class="card__note">服务号 · ${account.appid}</p>
      <p class="card__note">${person.name} · <code>${person.openid}</code></p>
      ${person.following && notices.map((one) => html`<${NoticeRow} key=${one.template_id} notice=${one} hands=${hands} />`)}
      ${person.following && html`<button type="button" class="button button--plain button--danger" data-test="unfollow" onClick=${leave}>取消关注</button>`}
    </div>
  <//>`;
}

function NoticeRow({ notice, hands }) {
  const [told, setTold] = useState("");
  const answer = async (accept) => {
    if (await hands.notice(notice.template_id, accept)) setTold(accept ? "已允许一次" : "已拒绝");
  };
  return html`<div class="notice-row" role="group" aria-label=${`订阅通知：${notice.title}`}>
    <span>${notice.title}<small role="status">${told}</small></span>
    <button type="button" class="chip" data-test="notice-accept" onClick=${() => answer(true)}>允许</button>
    <button type="button" class="chip" data-test="notice-reject" onClick=${() => answer(false)}>拒绝</button>
  </div>`;
}
