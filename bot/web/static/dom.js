// Small helpers: elements (words only ever through textContent), pictures of people, times.

/** Make an element. `props`: class, text, on (listeners), data (dataset); the rest are attributes. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "on") for (const [type, fn] of Object.entries(value)) node.addEventListener(type, fn);
    else if (name === "data") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** The element with this id. */
export const $ = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";

/** One of the page's icons. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Change a text only where it differs, so that screen readers and selections are left alone. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Bring a list's children in line with `items`, keeping the nodes (and the focus) of known keys. */
export function keyed(list, items, keyOf, make, update) {
  const known = new Map([...list.children].map((node) => [node.dataset.key, node]));
  let place = list.firstElementChild;
  for (const item of items) {
    const key = String(keyOf(item));
    let node = known.get(key);
    if (node) known.delete(key);
    else {
      node = make(item);
      node.dataset.key = key;
    }
    update(node, item);
    if (node === place) place = place.nextElementSibling;
    else list.insertBefore(node, place);
  }
  for (const node of known.values()) node.remove();
}

/** `fn`, run once shortly after any number of calls. */
export function soon(fn) {
  let timer = 0;
  return () => {
    timer ||= setTimeout(() => { timer = 0; fn(); }, 16);
  };
}

/** The coloured square with the surname; the bot's is the grid. */
export function avatar(person, small = false) {
  const size = small ? " small" : "";
  if (person.id === "") return el("span", { class: `avatar bot${size}`, "aria-hidden": "true" }, icon("grid"));
  const first = [...person.name][0] ?? "？";
  return el("span", { class: `avatar hue-${person.hue ?? 0}${size}`, "aria-hidden": "true", text: first });
}

/** A group's picture: up to four of its members. */
export function mosaic(people) {
  const box = el("span", { class: "avatar mosaic", "aria-hidden": "true" });
  for (const person of people.slice(0, 4)) {
    box.append(el("i", { class: `hue-${person.hue ?? 0}`, text: [...person.name][0] ?? "" }));
  }
  return box;
}

let toastTimer = 0;

/** Say something shortly at the foot of the page. */
export function toast(text) {
  const box = $("toast");
  box.textContent = text;
  box.classList.add("on");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => box.classList.remove("on"), 3200);
}

const WEEK = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
const two = (number) => String(number).padStart(2, "0");

/** A moment's parts as a clock in Shanghai shows them. */
function parts(ms) {
  const date = new Date(ms + 8 * 3600e3);
  return {
    day: Math.floor((ms + 8 * 3600e3) / 86400e3),
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    date: date.getUTCDate(),
    week: date.getUTCDay(),
    time: `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`,
    seconds: two(date.getUTCSeconds()),
  };
}

/** 11月23日 周一 / 09:00:12 */
export function clockText(ms, seconds) {
  const at = parts(ms);
  return [`${at.month}月${at.date}日 ${WEEK[at.week]}`, seconds ? `${at.time}:${at.seconds}` : at.time];
}

/** A moment as WeChat writes it: 09:00, 昨天 09:00, 周一 09:00, 11月23日 09:00. */
export function whenText(ms, now, short = false) {
  const at = parts(ms);
  const today = parts(now);
  const ago = today.day - at.day;
  if (ago === 0) return at.time;
  let day = `${at.month}月${at.date}日`;
  if (ago === 1) day = "昨天";
  else if (ago > 1 && ago < 7) day = WEEK[at.week];
  else if (at.year !== today.year) day = `${at.year}年${day}`;
  return short ? day : `${day} ${at.time}`;
}

/** A length of time in words, two units at most. */
export function spanText(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days) return hours % 24 ? `${days} 天 ${hours % 24} 小时` : `${days} 天`;
  if (hours) return minutes % 60 ? `${hours} 小时 ${minutes % 60} 分` : `${hours} 小时`;
  if (minutes >= 10) return `${minutes} 分钟`;
  if (minutes) return `${minutes} 分 ${two(seconds % 60)} 秒`;
  return `${seconds} 秒`;
}
