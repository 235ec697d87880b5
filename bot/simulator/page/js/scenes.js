// The drawings of the sample photos: a street as the background, and what is wrong (or right) on it.

const many = (count, draw) => Array.from({ length: count }, (_, at) => draw(at)).join("");

const house = (x, width, height, color) =>
  `<rect x="${x}" y="${250 - height}" width="${width}" height="${height}" fill="${color}"/>` +
  many(Math.floor((height - 70) / 46), (row) =>
    many(Math.floor((width - 12) / 44), (column) => `<rect x="${x + 14 + column * 44}" y="${264 - height + row * 46}" width="26" height="28" rx="2" fill="#fff8" />`),
  );
const shop = (x, width, sign, color) =>
  `<rect x="${x}" y="178" width="${width}" height="72" fill="#c9d4d8"/><rect x="${x}" y="158" width="${width}" height="26" fill="${color}"/>` +
  `<text x="${x + width / 2}" y="177" text-anchor="middle" font-family="sans-serif" font-size="17" font-weight="bold" fill="#fff">${sign}</text>` +
  `<path d="M${x + width / 2} 184v66M${x + 10} 190h${width / 2 - 18}v54h-${width / 2 - 18}z" fill="#eaf2f4" stroke="#7f8d92" stroke-width="2"/>`;
const tree = (x, y) =>
  `<rect x="${x - 7}" y="${y - 96}" width="14" height="100" fill="#7a5a3c"/><g fill="#4d8a4b"><circle cx="${x}" cy="${y - 128}" r="46"/><circle cx="${x - 34}" cy="${y - 104}" r="30"/><circle cx="${x + 34}" cy="${y - 104}" r="30"/></g><circle cx="${x - 12}" cy="${y - 138}" r="22" fill="#64a35e"/>`;

const sky = `<rect width="640" height="480" fill="#cfe6f3"/><circle cx="560" cy="60" r="30" fill="#ffe9a8"/><g fill="#fff9"><ellipse cx="150" cy="60" rx="60" ry="14"/><ellipse cx="390" cy="40" rx="46" ry="11"/></g>`;
const houses = house(0, 150, 190, "#d9b99b") + house(150, 130, 226, "#c7a98c") + house(280, 170, 176, "#dcc5a6") + house(450, 190, 210, "#cdb193");
const shops = shop(10, 132, "便民超市", "#a8412f") + shop(290, 150, "老街面馆", "#2f6f8f") + shop(460, 160, "五金日杂", "#5d7a34");
const paving = `<rect y="250" width="640" height="96" fill="#bdb6ab"/><path d="${many(16, (at) => `M${at * 46 - 60} 346l50-96`)}M0 282h640M0 314h640" stroke="#a8a196" stroke-width="2" fill="none"/>`;
const kerb = `<rect y="340" width="640" height="14" fill="#e6e2da"/>`;
const road = `<rect y="354" width="640" height="126" fill="#6b6f73"/><path d="M0 424h640" stroke="#f0ead2" stroke-width="6" stroke-dasharray="52 34"/>`;
const street = sky + houses + shops + paving + kerb + road;

const fruit = (x, y, color) => many(6, (at) => `<circle cx="${x + (at % 3) * 17}" cy="${y - Math.floor(at / 3) * 12}" r="9" fill="${color}"/>`);
const stall =
  street +
  `<ellipse cx="320" cy="372" rx="190" ry="14" fill="#0003"/><path d="M318 150v200" stroke="#6d4c33" stroke-width="8"/><path d="M150 196q168-132 340 0z" fill="#c8372d"/><path d="M218 196q40-96 100-98-60 30-52 98zM420 196q-40-96-100-98 60 30 52 98z" fill="#f3e9d6"/>` +
  `<rect x="168" y="290" width="300" height="20" fill="#8c6239"/><rect x="176" y="310" width="284" height="56" fill="#a87744"/><path d="M176 338h284" stroke="#8c6239" stroke-width="4"/>` +
  fruit(190, 284, "#e0762c") + fruit(258, 284, "#c72f3b") + fruit(326, 284, "#7fae35") + fruit(394, 284, "#e8b93a") +
  `<circle cx="524" cy="226" r="20" fill="#e7b58c"/><path d="M504 222q20-34 40 0z" fill="#3b3b3b"/><path d="M494 356v-84q30-34 60 0v84z" fill="#38618c"/><rect x="84" y="316" width="64" height="44" fill="#b58a55"/><rect x="96" y="280" width="48" height="36" fill="#c49a64"/>`;

const bag = (x, y, color) => `<path d="M${x} ${y}q-34 0-30-34 4-26 24-34l6-12 8 12q24 10 26 36 0 32-34 32z" fill="${color}"/><path d="M${x - 8} ${y - 66}q8 10 16 0" stroke="#fff6" stroke-width="3" fill="none"/>`;
const bin = (x, color, word) =>
  `<path d="M${x} 226h92l-8 126h-76z" fill="${color}"/><rect x="${x - 5}" y="214" width="102" height="16" rx="5" fill="${color}"/><text x="${x + 46}" y="300" text-anchor="middle" font-family="sans-serif" font-size="20" fill="#fff">${word}</text>`;
const garbage =
  street +
  `<ellipse cx="310" cy="364" rx="270" ry="18" fill="#0003"/>` + bin(150, "#4b5157", "其他") + bin(262, "#2f7a4a", "易腐") + bin(374, "#2b62a0", "可回收") +
  bag(190, 222, "#2e3133") + bag(300, 226, "#dfe3e4") + bag(420, 224, "#3a3f42") + bag(110, 372, "#303436") + bag(496, 376, "#e9e6dc") + bag(556, 366, "#2c2f31") + bag(244, 384, "#353a3d") +
  `<path d="M330 372l60-8 14 22-62 10z" fill="#b98f58"/><path d="M64 384l34 8-6 16-40-6z" fill="#e7d9b8"/>`;

const manhole =
  `<rect width="640" height="480" fill="#74787b"/><g fill="#0001">${many(60, (at) => `<circle cx="${(at * 97) % 640}" cy="${(at * 61) % 480}" r="${2 + (at % 3)}"/>`)}</g><path d="M0 70l640-40v18L0 92z" fill="#e8e2cd"/>` +
  `<ellipse cx="310" cy="282" rx="170" ry="104" fill="#8d8f8e"/><ellipse cx="310" cy="276" rx="148" ry="88" fill="#15181a"/><path d="M166 284q20 68 144 76 126-6 146-76-40 46-146 48-104-4-144-48z" fill="#2d3133"/>` +
  `<path d="M196 206l150-16 96 56-40 60-96-34-70 8z" fill="#5c5148"/><path d="M196 206l150-16 96 56" stroke="#7b6d60" stroke-width="8" fill="none"/><path d="M232 226l90-10M246 244l110-6M300 262l86 10" stroke="#463d36" stroke-width="7"/>` +
  `<path d="M140 330l-60 44M470 330l76 60M330 372l10 70M180 200l-70-60" stroke="#4e5254" stroke-width="5" fill="none"/>` +
  `<path d="M520 300l34-150h18l38 150z" fill="#e46a1f"/><path d="M541 210h44l8 34h-60zM530 262h66l6 24h-78z" fill="#fff"/><rect x="504" y="298" width="122" height="16" rx="4" fill="#c45413"/>`;

const post = (x, lit) =>
  `<path d="M${x} 352V104q0-34 46-34" stroke="#8b9299" stroke-width="9" fill="none"/><path d="M${x + 34} 62h56l8 16h-70z" fill="${lit ? "#ffe9a0" : "#3c4248"}"/>` +
  (lit ? `<path d="M${x + 36} 80h54l86 272H${x - 60}z" fill="#ffe9a033"/>` : "");
const lamp =
  `<rect width="640" height="480" fill="#141c2e"/><circle cx="92" cy="64" r="24" fill="#f0eccf"/><circle cx="103" cy="57" r="21" fill="#141c2e"/><g fill="#fff9">${many(26, (at) => `<circle cx="${(at * 131) % 640}" cy="${(at * 47) % 150}" r="1.5"/>`)}</g>` +
  `<g opacity=".34">${houses}</g><rect y="250" width="640" height="96" fill="#2b303a"/><rect y="340" width="640" height="14" fill="#454b56"/><rect y="354" width="640" height="126" fill="#22262d"/><path d="M0 424h640" stroke="#6d6a5a" stroke-width="6" stroke-dasharray="52 34"/>` +
  post(500, true) + post(180, false) + `<path d="M300 350q4-60 22-60t22 60z" fill="#0b0e14"/><circle cx="322" cy="276" r="14" fill="#0b0e14"/>`;

const blindPath = `<rect y="296" width="640" height="36" fill="#e3b92f"/><path d="${many(22, (at) => `M${at * 30 + 6} 304h18M${at * 30 + 6} 314h18M${at * 30 + 6} 324h18`)}" stroke="#b78f14" stroke-width="5" stroke-linecap="round"/>`;
const parking =
  sky + houses + shops + paving + blindPath + kerb + road +
  `<ellipse cx="318" cy="376" rx="220" ry="16" fill="#0004"/><path d="M104 350v-50q4-18 40-24l54-62q8-10 26-10h150q20 0 34 12l58 56q68 8 74 34v44z" fill="#f2f4f5" stroke="#9aa4a8" stroke-width="4"/><path d="M176 270l42-48q6-6 16-6h60v54zM308 216h62q12 0 20 8l46 46H308z" fill="#5b7a8c"/><path d="M104 316h436" stroke="#c3cacd" stroke-width="3"/><g fill="#25292c"><circle cx="190" cy="350" r="36"/><circle cx="456" cy="350" r="36"/></g><g fill="#a9b1b5"><circle cx="190" cy="350" r="17"/><circle cx="456" cy="350" r="17"/></g><rect x="516" y="296" width="24" height="14" rx="4" fill="#f6d76a"/><rect x="296" y="284" width="24" height="7" rx="3" fill="#9aa4a8"/>`;

const flyer = (x, y, turn, color, word) =>
  `<g transform="translate(${x} ${y}) rotate(${turn})"><rect width="104" height="132" fill="${color}" stroke="#0002"/><text x="52" y="38" text-anchor="middle" font-family="sans-serif" font-size="24" font-weight="bold" fill="#b3261e">${word}</text><path d="M14 58h76M14 76h76M14 94h54" stroke="#555" stroke-width="5"/><path d="M14 116h76" stroke="#b3261e" stroke-width="8"/></g>`;
const advert =
  `<rect width="640" height="480" fill="#b8776048"/><rect width="640" height="400" fill="#bd7f66"/><path d="${many(10, (row) => `M0 ${row * 40}h640${many(9, (at) => `M${at * 80 + (row % 2) * 40} ${row * 40}v40`)}`)}" stroke="#a2684f" stroke-width="3"/><rect y="400" width="640" height="80" fill="#b5aea2"/><path d="M0 400h640" stroke="#8f887b" stroke-width="6"/>` +
  flyer(70, 80, -6, "#fffdf2", "开锁") + flyer(196, 60, 4, "#fff3b8", "搬家") + flyer(330, 96, -3, "#fff", "招租") + flyer(462, 66, 7, "#e9f3ff", "贷款") + flyer(132, 226, 5, "#fff", "疏通") + flyer(276, 240, -8, "#ffe9e2", "维修") + flyer(420, 222, 3, "#fffbe0", "办证");

const clean =
  sky + houses + shops + paving + kerb + road + tree(250, 300) + tree(560, 300) +
  `<rect x="218" y="296" width="64" height="16" rx="4" fill="#8a6a48"/><rect x="528" y="296" width="64" height="16" rx="4" fill="#8a6a48"/><path d="M60 318h112v10H60zM70 328v22M162 328v22M60 296h112v8H60z" fill="#9b6b3d" stroke="#9b6b3d" stroke-width="6"/><g fill="#fff"><path d="M372 296l4 12 12 4-12 4-4 12-4-12-12-4 12-4z"/><path d="M430 270l3 9 9 3-9 3-3 9-3-9-9-3 9-3z"/></g>`;

const flower = (x, y, color) => `<path d="M${x} ${y}v34" stroke="#3f7a3c" stroke-width="4"/><g fill="${color}">${many(5, (at) => `<circle cx="${x + 11 * Math.cos(at * 1.257)}" cy="${y + 11 * Math.sin(at * 1.257)}" r="8"/>`)}</g><circle cx="${x}" cy="${y}" r="6" fill="#f6d76a"/>`;
const plant =
  `${sky}<rect y="230" width="640" height="250" fill="#8bb56d"/><path d="M0 250q160-40 320 0t320-6v236H0z" fill="#79a65c"/>` + tree(110, 290) +
  `<ellipse cx="330" cy="400" rx="230" ry="50" fill="#6f4d33"/>` + flower(200, 356, "#d9527a") + flower(258, 340, "#fff") + flower(316, 362, "#d9527a") + flower(376, 344, "#f0a23b") + flower(430, 362, "#fff") + flower(288, 392, "#f0a23b") + flower(350, 398, "#d9527a") +
  `<path d="M452 190h100v96h-100z" fill="#2f7f9b"/><path d="M452 214l-70-22-8 14 78 50zM552 206q54 0 54 40t-54 34" fill="none" stroke="#2f7f9b" stroke-width="14"/><path d="M362 178l30 12-14 26-28-14z" fill="#256a82"/><g stroke="#7fc4e0" stroke-width="5" stroke-linecap="round">${many(7, (at) => `<path d="M${356 - at * 9} ${216 + at * 14}l-6 20"/>`)}</g><rect x="58" y="372" width="104" height="56" rx="5" fill="#f7f1dd" stroke="#9b6b3d" stroke-width="5"/><text x="110" y="408" text-anchor="middle" font-family="sans-serif" font-size="22" fill="#5a4326">认养牌</text>`;

export const SCENES = { stall, garbage, manhole, lamp, parking, advert, clean, plant };
