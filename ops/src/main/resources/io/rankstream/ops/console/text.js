// Everything that comes from the stream reaches the page through here, as text and never as markup.

/** An element with attributes and children, which are nodes or texts. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === 'class') made.className = value;
    else made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(...children.map(child => (child instanceof Node ? child : String(child))));
  return made;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Changes a text only where it is another, so that nothing is announced or laid out anew. */
export function setText(node, text) {
  const wanted = String(text);
  if (node.textContent !== wanted) node.textContent = wanted;
}

const WHOLE = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});
const ONE = new Intl.NumberFormat('en-US', {minimumFractionDigits: 1, maximumFractionDigits: 1});

export function whole(value) {
  return value === null || value === undefined ? '–' : WHOLE.format(value);
}

export function one(value) {
  return value === null || value === undefined ? '–' : value >= 100 ? WHOLE.format(value) : ONE.format(value);
}

export function share(value) {
  return value === null || value === undefined ? '–' : value.toFixed(3);
}

/** The name of a metric as people read it: recentMeanAbsoluteError is mean absolute error of the last 1,000. */
export function words(metric) {
  const plain = name => name.replace(/[A-Z]/g, sign => ' ' + sign.toLowerCase()).trim();
  return metric.startsWith('recent') ? 'last 1,000 ' + plain(metric.slice(6)) : plain(metric);
}

export function signed(value) {
  if (value === null || value === undefined) return '–';
  const text = Math.abs(value).toFixed(3);
  return value < 0 && Number(text) !== 0 ? '−' + text : '+' + text;
}

export function clock(millis) {
  return new Date(millis).toLocaleTimeString([], {hour12: false});
}

export function moment(millis) {
  const date = new Date(millis);
  const today = new Date().toDateString() === date.toDateString();
  return today ? clock(millis) : date.toLocaleDateString('sv-SE') + ' ' + clock(millis);
}

/** A length of time in one or two units. */
export function duration(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 60) return seconds + ' s';
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return minutes + ' min ' + (seconds % 60) + ' s';
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return hours + ' h ' + (minutes % 60) + ' min';
  return Math.floor(hours / 24) + ' days';
}
