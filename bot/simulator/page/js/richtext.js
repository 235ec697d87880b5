// Texts as WeChat shows them: only <a href> is read, everything else stays plain text, nothing becomes HTML.
import { html } from "./html.js";

const ANCHOR = /<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>([\s\S]*?)<\/a\s*>/gi;
const ADDRESS = /https?:\/\/[^\s<>"'，。；！？）】」、]+/g;
const MSGMENU = "weixin://bizmsgmenu?";

/** The pieces of a text: `{kind: "plain", text}`, `{kind: "link", text, href}` or `{kind: "item", text, id, content}`. */
export function readPieces(content, { anchors }) {
  const pieces = [];
  let from = 0;
  if (anchors) {
    for (const match of content.matchAll(ANCHOR)) {
      const piece = readAnchor((match[1] ?? match[2]).replaceAll("&amp;", "&").trim(), match[3]);
      if (!piece) continue;
      pieces.push(...readAddresses(content.slice(from, match.index)), piece);
      from = match.index + match[0].length;
    }
  }
  pieces.push(...readAddresses(content.slice(from)));
  return pieces.filter((one) => one.text);
}

function readAnchor(href, text) {
  if (/^https?:\/\//i.test(href) || /^tel:[\d+-]+$/i.test(href)) return { kind: "link", text, href };
  if (!href.startsWith(MSGMENU)) return null;
  const field = (name) => decode(new RegExp(`[?&]${name}=([^&]*)`).exec(href)?.[1] ?? "");
  const content = field("msgmenucontent");
  return content ? { kind: "item", text, id: field("msgmenuid"), content } : null;
}

// Not URLSearchParams: that would turn the plus sign of 「+1」 into a space.
function decode(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function readAddresses(text) {
  const pieces = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    pieces.push({ kind: "plain", text: text.slice(from, match.index) });
    pieces.push({ kind: "link", text: match[0], href: match[0] });
    from = match.index + match[0].length;
  }
  pieces.push({ kind: "plain", text: text.slice(from) });
  return pieces;
}

/** A text with its links alive; `onItem({id, content})` hears taps on menu links. */
export function RichText({ content, anchors, onItem }) {
  return readPieces(String(content ?? ""), { anchors }).map((one) => {
    if (one.kind === "link") {
      return html`<a class="rich-link" href=${one.href} target="_blank" rel="noopener noreferrer">${one.text}</a>`;
    }
    if (one.kind === "item") {
      const tap = () => onItem({ id: one.id, content: one.content });
      return html`<button type="button" class="rich-link rich-item" data-item=${one.id} onClick=${tap}>${one.text}</button>`;
    }
    return one.text;
  });
}
