// Tells the page that something changed: server-sent events, with polling when they are not to be had.

const POLL_MS = 2000;

/**
 * Calls `onChange()` whenever the simulator may have changed, and `onRestart()` when its memory may be
 * a new one (connected again, or its numbers began anew). Returns a function that stops the watching.
 */
export function watchChanges(onChange, onRestart) {
  let last = 0;
  let broken = false;
  const source = new EventSource("/sim/events");
  const timer = setInterval(() => source.readyState !== EventSource.OPEN && onChange(), POLL_MS);
  source.addEventListener("open", () => {
    if (broken) onRestart();
    broken = false;
    onChange();
  });
  source.addEventListener("error", () => {
    broken = true;
  });
  source.addEventListener("changed", (event) => {
    const seq = readSeq(event.data);
    if (seq < last) onRestart();
    last = seq;
    onChange();
  });
  return () => {
    clearInterval(timer);
    source.close();
  };
}

function readSeq(data) {
  try {
    return Number(JSON.parse(data).seq) || 0;
  } catch {
    return 0;
  }
}
