// The simulator's JSON door: one function for each call of /sim/.

async function call(method, path, body) {
  const options = { method, headers: {} };
  if (body instanceof FormData) {
    options.body = body;
  } else if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(`/sim/${path}`, options).catch(() => {
    throw new Error("连不上模拟器，请看看它是否还在运行。");
  });
  if (!response.ok) {
    throw new Error(`没有成功：${await readProblem(response)}`);
  }
  return response.json();
}

async function readProblem(response) {
  const text = await response.text();
  try {
    return JSON.parse(text).error ?? text.slice(0, 120);
  } catch {
    return `模拟器答了 ${response.status}`;
  }
}

const person = (openid, what) => `people/${encodeURIComponent(openid)}/${what}`;

function upload(openid, what, file) {
  const form = new FormData();
  form.append("file", file, file.name ?? what);
  return call("POST", person(openid, what), form);
}

export const readState = () => call("GET", "state");
export const readCity = () => call("GET", "city.geojson");
export const readMessages = (openid, after) => call("GET", person(openid, `messages?after=${after}`));
export const readWire = (after) => call("GET", `wire?after=${after}`);
export const mediaUrl = (mediaId) => `/sim/media/${encodeURIComponent(mediaId)}`;

export const addPerson = (name, role) => call("POST", "people", { name, role });
export const follow = (openid, scene) => call("POST", person(openid, "follow"), scene ? { scene } : {});
export const unfollow = (openid) => call("POST", person(openid, "unfollow"), {});
export const scan = (openid, scene) => call("POST", person(openid, "scan"), { scene });
export const sendText = (openid, content) => call("POST", person(openid, "text"), { content });
export const sendPhoto = (openid, file) => upload(openid, "photo", file);
export const sendVoice = (openid, file) => upload(openid, "voice", file);
export const sendVideo = (openid, file) => upload(openid, "video", file);
export const sendPlace = (openid, place) => call("POST", person(openid, "location"), place);
export const tapMenu = (openid, button) => call("POST", person(openid, "menu"), button);
export const answerNotice = (openid, answer) => call("POST", person(openid, "subscribe"), answer);
export const tapMsgmenu = (openid, item) => call("POST", person(openid, "msgmenu"), item);

export const advanceClock = (seconds) => call("POST", "clock", { advance_seconds: seconds });
export const orderFault = (fault) => call("POST", "faults", fault);
export const clearFaults = () => call("DELETE", "faults");
