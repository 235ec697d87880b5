// Choosing photos, voice and video: from the disk, or ready-made samples for those who have none at hand.
import { useEffect, useRef, useState } from "preact/hooks";
import { html } from "./html.js";
import { Icon } from "./icons.js";
import { makeSampleVideo, makeSampleVoice } from "./recordings.js";
import { SAMPLES, makeSamplePhoto, sampleUrl } from "./samples.js";
import { Sheet } from "./sheet.js";

export function PhotoSheet({ title, album, hands, now, onClose }) {
  const send = async (sample) => {
    onClose();
    hands.photos([await makeSamplePhoto(sample, now)]);
  };
  return html`<${Sheet} title=${title} tall onClose=${onClose}>
    ${album && html`<${FileButton} icon="album" caption="从相册选" accept="image/*" multiple onFiles=${(files) => { onClose(); hands.photos(files); }} />`}
    <p class="note">没有照片？用下面的示例，都是画出来的。</p>
    <ul class="samples">
      ${SAMPLES.map(
        (one) => html`<li key=${one.code}>
          <button type="button" data-test="sample-photo" data-sample=${one.code} onClick=${() => send(one)}>
            <img src=${sampleUrl(one, now)} alt="" loading="lazy" />${one.name}
          </button>
        </li>`,
      )}
    </ul>
  <//>`;
}

export function VoiceSheet({ hands, onClose }) {
  const send = (files) => {
    onClose();
    hands.voices(files);
  };
  return html`<${Sheet} title="语音" onClose=${onClose}>
    <div class="choices">
      <${FileButton} icon="voice" caption="从文件选（AMR、MP3）" accept="audio/*,.amr" test="voice-file" onFiles=${send} />
      <button type="button" class="choice" data-test="sample-voice" onClick=${() => send([makeSampleVoice()])}>
        <${Icon} name="sound" />发一段 3 秒的示例语音
      </button>
    </div>
  <//>`;
}

export function VideoSheet({ hands, now, onClose }) {
  const [state, setState] = useState("");
  const live = useRef(true);
  useEffect(() => () => { live.current = false; }, []);
  const send = (files) => {
    onClose();
    hands.videos(files);
  };
  const record = async () => {
    setState("正在录，3 秒就好……");
    try {
      const file = await makeSampleVideo(SAMPLES[0], now);
      if (live.current) send([file]);
    } catch {
      setState("这个浏览器录不了示例视频，请从文件选。");
    }
  };
  return html`<${Sheet} title="视频" onClose=${onClose}>
    <div class="choices">
      <${FileButton} icon="video" caption="从文件选（MP4）" accept="video/*" test="video-file" onFiles=${send} />
      <button type="button" class="choice" data-test="sample-video" onClick=${record}><${Icon} name="play" />录一段 3 秒的示例视频</button>
      <p class="note" role="status">${state}</p>
    </div>
  <//>`;
}

function FileButton({ icon, caption, accept, multiple, test, onFiles }) {
  const field = useRef(null);
  const take = (event) => event.currentTarget.files.length && onFiles([...event.currentTarget.files]);
  return html`<span class="filebutton">
    <input ref=${field} class="visually-hidden" type="file" accept=${accept} multiple=${multiple} tabindex="-1" aria-label=${caption} data-test=${test ?? "sheet-photo-file"} onChange=${take} />
    <button type="button" class="choice" onClick=${() => field.current.click()}><${Icon} name=${icon} />${caption}</button>
  </span>`;
}
