// A sheet that slides over one phone: a dialog that holds the focus, closes with Escape and gives the focus back.
import { useEffect, useId, useRef } from "preact/hooks";
import { html } from "./html.js";
import { Icon } from "./icons.js";

const FOCUSABLE = "button:not(:disabled), input, select, textarea, a[href], summary, video, [tabindex='0']";

export function Sheet({ title, tall, dark, action, onClose, children }) {
  const sheet = useRef(null);
  const id = useId();

  useEffect(() => {
    const before = document.activeElement;
    sheet.current.focus({ preventScroll: true });
    const phone = sheet.current.closest(".phone");
    return () => giveBack(before, phone);
  }, []);

  const press = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onClose();
    } else if (event.key === "Tab") {
      keepInside(sheet.current, event);
    }
  };
  return html`<div class="veil" onClick=${(event) => event.target === event.currentTarget && onClose()}>
    <div
      ref=${sheet}
      class=${`sheet${tall ? " sheet--tall" : ""}${dark ? " sheet--dark" : ""}`}
      role="dialog"
      aria-modal="true"
      aria-labelledby=${id}
      tabindex="-1"
      data-test="sheet"
      onKeyDown=${press}
    >
      <header class="sheet__header">
        <button type="button" class="plain" data-test="sheet-close" aria-label="关闭" onClick=${onClose}><${Icon} name="close" /></button>
        <h3 id=${id}>${title}</h3>
        <span class="sheet__action">${action}</span>
      </header>
      ${children}
    </div>
  </div>`;
}

// What opened the sheet may be gone (the + panel closes): then the writing line takes the focus.
function giveBack(before, phone) {
  const kept = before?.isConnected && before !== document.body ? before : null;
  const target = kept ?? phone.querySelector("[data-test=input]") ?? phone.querySelector("[data-test=menu-toggle]");
  target?.focus({ preventScroll: true });
}

function keepInside(sheet, event) {
  const all = [...sheet.querySelectorAll(FOCUSABLE)].filter((one) => one.offsetParent !== null && one.tabIndex >= 0);
  if (!all.length) return;
  const last = all[all.length - 1];
  if (event.shiftKey && (document.activeElement === all[0] || document.activeElement === sheet)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    all[0].focus();
  }
}
