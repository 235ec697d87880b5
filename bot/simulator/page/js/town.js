// What the page knows of the simulator: its state, asked anew at each change, and the first four people.
import { useEffect, useRef, useState } from "preact/hooks";
import * as door from "./door.js";
import { watchChanges } from "./live.js";

const FIRST_PEOPLE = [
  ["王阿姨", "citizen"],
  ["小李", "officer"],
  ["陈老板", "merchant"],
  ["小赵", "volunteer"],
];
const GATHER_MS = 60;
const EMPTY_MS = 1500;

/** `{state, city, tick, epoch, lost, skew}`: `tick` grows with each change, `epoch` with each new run of the simulator. */
export function useTown() {
  const [town, setTown] = useState({ state: null, tick: 0, epoch: 0, lost: false, skew: 0 });
  const [city, setCity] = useState(null);
  const pull = useRef(null);

  useEffect(() => {
    pull.current = gather(() => readTown(setTown));
    const restart = () => setTown((old) => ({ ...old, epoch: old.epoch + 1 }));
    const stop = watchChanges(pull.current, restart);
    pull.current();
    return stop;
  }, []);

  useEffect(() => {
    door.readCity().then(setCity, () => setCity({ type: "FeatureCollection", features: [] }));
  }, [town.epoch, town.state === null]);

  return { ...town, city, refresh: () => pull.current?.() };
}

async function readTown(setTown) {
  try {
    let state = await door.readState();
    if (state.people.length === 0) state = await fillEmpty();
    const skew = Date.parse(state.now) - Date.now();
    setTown((old) => ({ ...old, state, skew, lost: false, tick: old.tick + 1 }));
  } catch {
    setTown((old) => ({ ...old, lost: true }));
  }
}

/** People for a simulator that has none. One that has just begun may be about to get its own: wait, and look again. */
async function fillEmpty() {
  await new Promise((resolve) => setTimeout(resolve, EMPTY_MS));
  const state = await door.readState();
  if (state.people.length > 0) return state;
  for (const [name, role] of FIRST_PEOPLE) await door.addPerson(name, role);
  return door.readState();
}

/** Runs `work` at most once at a time and gathers calls that come close together. */
export function gather(work) {
  let wanted = false;
  let running = false;
  const run = async () => {
    running = true;
    while (wanted) {
      wanted = false;
      await work();
      await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    }
    running = false;
  };
  return () => {
    wanted = true;
    if (!running) run();
  };
}
