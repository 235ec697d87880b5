// The faults panel: order what shall go wrong, see what is on order, clear it.
import { useState } from "preact/hooks";
import { clearFaults, orderFault } from "./door.js";
import { html } from "./html.js";

// code: [caption, what the town sees, has a path, has seconds, has an error code]
const KINDS = {
  push_timeout: ["推送超时", "平台立刻挂断，再推一次", false, false],
  duplicate_push: ["重复推送", "同一条消息推两次，只该办一次", false, false],
  expired_token: ["凭证过期", "接口答 40001，服务应换新凭证再发", true, false],
  refusal: ["指定代码", "接口答您写的代码，例如 40164（IP 不在白名单）、48001（没有权限）", true, false, true],
  quota: ["额度用完", "接口答 45009", true, false],
  busy: ["系统繁忙", "接口答 -1，过一会儿再试", true, false],
  timeout: ["不答复", "接口一直不答", true, true],
  slow: ["答得慢", "接口过几秒才答", true, true],
  server_error: ["服务器错误", "接口答 HTTP 500", true, false],
  lost_reply: ["答复丢失", "其实办成了，答复没收到；不该再发一遍", true, false],
  msgmenu_refused: ["拒收菜单消息", "接口答 40200，应改用链接或回复数字", true, false],
};
const PATHS = ["/cgi-bin/message/custom/send", "/cgi-bin/message/template/send", "/cgi-bin/message/custom/typing", "/cgi-bin/stable_token", "/cgi-bin/media/get", "/cgi-bin/media/upload"];

export function Faults({ faults, onChange }) {
  const [kind, setKind] = useState("push_timeout");
  const [told, setTold] = useState("");
  const [, what, hasPath, hasSeconds, hasCode] = KINDS[kind];
  const ask = async (work, done) => {
    try {
      await work();
      setTold(done);
    } catch (error) {
      setTold(error.message);
    }
    onChange();
  };
  const submit = (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const fault = { kind, times: Number(form.get("times")) || 1 };
    if (hasPath && form.get("path")) fault.path = form.get("path");
    if (hasSeconds && form.get("seconds")) fault.seconds = Number(form.get("seconds"));
    if (hasCode) fault.code = Number(form.get("code"));
    ask(() => orderFault(fault), `已安排：${KINDS[kind][0]}`);
  };
  return html`<div class="faults">
    <p class="note">安排一次故障，看服务怎么应付：消息不丢，也不重复办。</p>
    <form onSubmit=${submit}>
      <label>
        什么故障
        <select data-test="fault-kind" value=${kind} onChange=${(event) => setKind(event.currentTarget.value)}>
          ${Object.entries(KINDS).map(([code, [caption]]) => html`<option value=${code}>${caption}（${code}）</option>`)}
        </select>
      </label>
      <p class="note">${what}。</p>
      ${hasPath &&
      html`<label>只在路径包含<input name="path" list="fault-paths" placeholder="空着：哪个接口都算" autocomplete="off" /></label>
        <datalist id="fault-paths">${PATHS.map((one) => html`<option value=${one}></option>`)}</datalist>`}
      <div class="faults__pair">
        <label>发生几次<input name="times" type="number" min="1" max="99" defaultValue="1" /></label>
        ${hasSeconds && html`<label>几秒<input name="seconds" type="number" min="0" max="60" step="0.5" placeholder="默认" /></label>`}
        ${hasCode && html`<label>代码<input name="code" type="number" required defaultValue="40164" /></label>`}
      </div>
      <button type="submit" class="button" data-test="fault-order">安排</button>
      <p role="status" class="note">${told}</p>
    </form>
    <h3>已安排的</h3>
    ${faults.length === 0 ? html`<p class="note">没有，一切正常。</p>` : html`<${Orders} faults=${faults} onClear=${() => ask(clearFaults, "都取消了")} />`}
  </div>`;
}

function Orders({ faults, onClear }) {
  return html`
    <ul class="faults__list">
      ${faults.map(
        (one, at) => html`<li key=${at} data-test="fault"><strong>${KINDS[one.kind]?.[0] ?? one.kind}</strong>${one.code ? ` ${one.code}` : ""} 还有 ${one.times ?? 1} 次${one.path && html` · <code>${one.path}</code>`}${one.seconds > 0 && ` · ${one.seconds} 秒`}</li>`,
      )}
    </ul>
    <button type="button" class="button button--plain" data-test="fault-clear" onClick=${onClear}>全部取消</button>
  `;
}
