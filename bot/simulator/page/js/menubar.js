// The account's menu: three buttons at most, each with up to five that open upward.
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "./html.js";
import { Icon } from "./icons.js";

// What opens on the phone after the tap has been told to the service.
const SHEETS = {
  pic_sysphoto: { kind: "camera" },
  pic_photo_or_album: { kind: "photos" },
  pic_weixin: { kind: "photos" },
  location_select: { kind: "location" },
  scancode_push: { kind: "scan" },
  scancode_waitmsg: { kind: "scan" },
};

export function MenuBar({ menu, hands, onSheet, onLink }) {
  const [open, setOpen] = useState(null);
  const bar = useRef(null);

  useEffect(() => {
    if (open === null) return undefined;
    const outside = (event) => !bar.current.contains(event.target) && setOpen(null);
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  const tap = (button) => {
    setOpen(null);
    if (button.url) {
      onLink();
      window.open(button.url, "_blank", "noopener");
    }
    hands.menu(button.url ? { url: button.url } : { key: button.key });
    if (SHEETS[button.type]) onSheet(SHEETS[button.type]);
  };
  const press = (event) => {
    if (event.key !== "Escape" || open === null) return;
    bar.current.querySelectorAll(".menubar__top")[open].focus();
    setOpen(null);
  };
  return html`<nav class="menubar" ref=${bar} aria-label="公众号菜单" onKeyDown=${press}>
    ${menu.map((top, at) => {
      const under = top.sub_button ?? [];
      const click = () => (under.length ? setOpen(open === at ? null : at) : tap(top));
      return html`<div class="menubar__slot" key=${at}>
        <button type="button" class="menubar__top" data-test="menu" data-key=${top.key ?? null} aria-expanded=${under.length ? String(open === at) : null} onClick=${click}>
          ${under.length > 0 && html`<${Icon} name="menu" size=${14} />`}${top.name}
        </button>
        ${open === at && html`<${SubMenu} buttons=${under} onTap=${tap} />`}
      </div>`;
    })}
  </nav>`;
}

function SubMenu({ buttons, onTap }) {
  const list = useRef(null);
  useEffect(() => list.current.querySelector("button").focus(), []);
  return html`<div class="menubar__sub" ref=${list}>
    ${buttons.map(
      (one) => html`<button type="button" data-test="submenu" data-key=${one.key ?? one.url ?? null} onClick=${() => onTap(one)}>${one.name}</button>`,
    )}
  </div>`;
}
