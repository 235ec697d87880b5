// The dialog that adds another person with a phone.
import { useEffect, useRef, useState } from "preact/hooks";
import { addPerson } from "./door.js";
import { html } from "./html.js";
import { ROLES } from "./roles.js";

export function AddPerson({ onClose, onAdded }) {
  const dialog = useRef(null);
  const [refused, setRefused] = useState("");
  useEffect(() => dialog.current.showModal(), []);
  const submit = async (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const name = String(form.get("name")).trim();
    if (!name) {
      setRefused("请写一个名字。");
      return;
    }
    try {
      const { openid } = await addPerson(name, String(form.get("role")));
      onAdded(openid);
    } catch (error) {
      setRefused(error.message);
    }
  };
  return html`<dialog ref=${dialog} class="dialog" aria-labelledby="add-title" onClose=${onClose}>
    <form onSubmit=${submit} novalidate>
      <h2 id="add-title">加一个人</h2>
      <label>名字<input name="name" data-test="person-name" maxlength="12" autocomplete="off" placeholder="比如：刘师傅" /></label>
      <label>
        是谁
        <select name="role" data-test="person-role">
          ${Object.entries(ROLES).map(([code, role]) => html`<option value=${code}>${role.label}</option>`)}
        </select>
      </label>
      <p class="note">这里的身份只是手机上的标签；真正的身份由服务号认定。</p>
      <p class="refused" role="alert">${refused}</p>
      <div class="dialog__buttons">
        <button type="button" class="button button--plain" onClick=${onClose}>取消</button>
        <button type="submit" class="button" data-test="person-add">加上</button>
      </div>
    </form>
  </dialog>`;
}
