// A sample voice (AMR, as phones send it) and a sample video, both made in the browser.
import { samplePicture } from "./samples.js";

const VOICE_SECONDS = 3;
const FRAMES_PER_SECOND = 50;
// AMR-NB at 4.75 kbit/s: a frame is its head and 12 bytes.
const FRAME_HEAD = 0x04;
const FRAME_BYTES = 13;
const VIDEO_MS = 3000;
const VIDEO_TYPES = ["video/mp4;codecs=avc1.42E01E", "video/mp4", "video/webm"];

/** Three seconds of (nearly silent) AMR. */
export function makeSampleVoice() {
  const frames = new Uint8Array(VOICE_SECONDS * FRAMES_PER_SECOND * FRAME_BYTES);
  for (let at = 0; at < frames.length; at += FRAME_BYTES) frames[at] = FRAME_HEAD;
  return new File(["#!AMR\n", frames], "sample.amr", { type: "audio/amr" });
}

/** Three seconds of slow zoom into a sample photo; rejects where the browser cannot record. */
export async function makeSampleVideo(sample, now) {
  const picture = await samplePicture(sample, now);
  const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 360 });
  const pen = canvas.getContext("2d");
  const type = VIDEO_TYPES.find((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(canvas.captureStream(15), { mimeType: type });
  const pieces = [];
  recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
  const stopped = new Promise((resolve, reject) => {
    recorder.addEventListener("stop", resolve);
    recorder.addEventListener("error", reject);
  });
  recorder.start();
  await zoom(pen, canvas, picture);
  recorder.stop();
  await stopped;
  const kind = type.split(";")[0];
  return new File(pieces, `sample.${kind.endsWith("mp4") ? "mp4" : "webm"}`, { type: kind });
}

function zoom(pen, canvas, picture) {
  const begun = performance.now();
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const part = Math.min(1, (performance.now() - begun) / VIDEO_MS);
      const size = 1 + part * 0.25;
      pen.drawImage(picture, (-canvas.width * (size - 1)) / 2, (-canvas.height * (size - 1)) / 2, canvas.width * size, canvas.height * size);
      if (part < 1) return;
      clearInterval(timer);
      resolve();
    }, 66);
  });
}
