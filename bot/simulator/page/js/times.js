// Beijing time as the page writes it.

const ZONE = "Asia/Shanghai";
const PARTS = new Intl.DateTimeFormat("zh-CN", {
  timeZone: ZONE,
  year: "numeric",
  month: "numeric",
  day: "numeric",
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const DAY_MS = 86_400_000;

function parts(moment) {
  return Object.fromEntries(PARTS.formatToParts(new Date(moment)).map((one) => [one.type, one.value]));
}

/** 14:05 */
export function clockTime(moment) {
  const at = parts(moment);
  return `${at.hour}:${at.minute}`;
}

/** 14:05:09 */
export function exactTime(moment) {
  return `${clockTime(moment)}:${parts(moment).second}`;
}

/** 11月20日 周五 */
export function dayName(moment) {
  const at = parts(moment);
  return `${at.month}月${at.day}日 ${at.weekday}`;
}

/** 2026年11月20日 14:05, for the stamp on a sample photo */
export function stampTime(moment) {
  const at = parts(moment);
  return `${at.year}年${at.month}月${at.day}日 ${exactTime(moment)}`;
}

/** 14:05 · 昨天 14:05 · 11月20日 14:05, as it stands between bubbles */
export function bubbleTime(moment, now) {
  const day = (value) => Math.floor((new Date(value).getTime() + DAY_MS / 3) / DAY_MS);
  const ago = day(now) - day(moment);
  if (ago === 0) return clockTime(moment);
  if (ago === 1) return `昨天 ${clockTime(moment)}`;
  const at = parts(moment);
  return `${at.month}月${at.day}日 ${clockTime(moment)}`;
}
