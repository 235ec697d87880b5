// Sample photos for people who have none at hand: scenes of a street, drawn as SVG and turned into JPEG in the browser.
import { stampTime } from "./times.js";
import { SCENES } from "./scenes.js";

const WIDTH = 640;
const HEIGHT = 480;
const SCALE = 1.5;
const QUALITY = 0.86;

export const SAMPLES = [
  { code: "stall", name: "占道摆摊" },
  { code: "garbage", name: "垃圾满溢" },
  { code: "manhole", name: "井盖破损" },
  { code: "lamp", name: "路灯不亮" },
  { code: "parking", name: "占用盲道" },
  { code: "advert", name: "乱贴小广告" },
  { code: "clean", name: "整改后" },
  { code: "plant", name: "浇水打卡" },
];

/** The scene as an address for an <img>, with the (simulated) time written into its corner. */
export function sampleUrl(sample, now) {
  const stamp = `<text x="624" y="462" text-anchor="end" font-family="sans-serif" font-size="20" fill="#fff" stroke="#0009" stroke-width="4" paint-order="stroke">示例 · ${stampTime(now)}</text>`;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">${SCENES[sample.code]}${stamp}</svg>`;
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing)}`;
}

/** The scene as a loaded picture. */
export async function samplePicture(sample, now) {
  const picture = new Image();
  picture.src = sampleUrl(sample, now);
  await picture.decode();
  return picture;
}

/** The scene as a JPEG file. */
export async function makeSamplePhoto(sample, now) {
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH * SCALE, height: HEIGHT * SCALE });
  canvas.getContext("2d").drawImage(await samplePicture(sample, now), 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return new File([blob], `${sample.code}.jpg`, { type: "image/jpeg" });
}
