// What stands on one phone's screen: the bubbles so far, and whether the account is typing.
import { useEffect, useRef, useState } from "preact/hooks";
import { readMessages } from "./door.js";
import { gather } from "./town.js";

const TYPING_CHECK_MS = 3000;

/** `{bubbles, typing, loaded}` of a phone, fetched anew whenever `tick` changes. */
export function useScreen(openid, tick) {
  const [screen, setScreen] = useState({ bubbles: [], typing: false, loaded: false });
  const pull = useRef(null);

  useEffect(() => {
    let after = 0;
    let live = true;
    setScreen({ bubbles: [], typing: false, loaded: false });
    pull.current = gather(async () => {
      const answer = await readMessages(openid, after).catch(() => null);
      if (!live || !answer) return;
      const lasting = answer.messages.filter((one) => one.kind !== "typing");
      after = lasting.reduce((most, one) => Math.max(most, one.seq), after);
      setScreen((old) => ({
        bubbles: lasting.length ? [...old.bubbles, ...lasting] : old.bubbles,
        typing: answer.messages.length > lasting.length,
        loaded: true,
      }));
    });
    return () => {
      live = false;
    };
  }, [openid]);

  useEffect(() => pull.current(), [openid, tick]);

  useEffect(() => {
    if (!screen.typing) return undefined;
    const timer = setInterval(() => pull.current(), TYPING_CHECK_MS);
    return () => clearInterval(timer);
  }, [screen.typing]);

  return screen;
}
