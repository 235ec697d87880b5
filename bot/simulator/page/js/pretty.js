// Raw bodies made readable: XML and JSON with line breaks and indents, as plain text.

/** The text with indents if it is XML or JSON, else as it is. */
export function pretty(text) {
  const body = (text ?? "").trim();
  if (body.startsWith("<")) return prettyXml(body) ?? body;
  if (body.startsWith("{") || body.startsWith("[")) return prettyJson(body) ?? body;
  return body;
}

function prettyJson(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return null;
  }
}

function prettyXml(body) {
  const parsed = new DOMParser().parseFromString(body, "text/xml");
  if (parsed.querySelector("parsererror")) return null;
  return writeElement(parsed.documentElement, 0);
}

function writeElement(element, depth) {
  const indent = "  ".repeat(depth);
  const name = element.tagName;
  if (!element.children.length) return `${indent}<${name}>${element.textContent.trim()}</${name}>`;
  const inner = [...element.children].map((one) => writeElement(one, depth + 1)).join("\n");
  return `${indent}<${name}>\n${inner}\n${indent}</${name}>`;
}
