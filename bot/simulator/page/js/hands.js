// What one person can do with the phone; refusals of the simulator are told, not thrown.
import { useRef, useState } from "preact/hooks";
import * as door from "./door.js";

/** The actions of one phone; each resolves to the answer, or to null when the simulator refused (then `tell` got the reason). */
export function useHands(openid, tell) {
  const [running, setRunning] = useState(0);
  const tap = useRef(Promise.resolve());
  const run = async (work) => {
    setRunning((old) => old + 1);
    try {
      return await work();
    } catch (error) {
      tell(error.message);
      return null;
    } finally {
      setRunning((old) => old - 1);
    }
  };
  // A picture or place chosen from the menu must reach the service after the event of the tap.
  const afterTap = (work) => run(() => tap.current.then(work));
  const each = (send) => async (files) => {
    for (const file of files) await afterTap(() => send(openid, file));
  };
  return {
    busy: running > 0,
    follow: (scene) => run(() => door.follow(openid, scene)),
    unfollow: () => run(() => door.unfollow(openid)),
    scan: (scene) => run(() => door.scan(openid, scene)),
    text: (content) => run(() => door.sendText(openid, content)),
    photos: each(door.sendPhoto),
    voices: each(door.sendVoice),
    videos: each(door.sendVideo),
    place: (place) => afterTap(() => door.sendPlace(openid, place)),
    menu: (button) => {
      tap.current = run(() => door.tapMenu(openid, button));
      return tap.current;
    },
    notice: (template, accept) => run(() => door.answerNotice(openid, { template_id: template, accept })),
    item: (item) => run(() => door.tapMsgmenu(openid, item)),
  };
}
