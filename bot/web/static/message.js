// How one line of a conversation is drawn: bubble, card, picture, notice.

import { avatar, el, icon, whenText } from "./dom.js";
import { caseOf, statusText, usable } from "./caseinfo.js";
import { linesOf, now, person, roleName, store } from "./store.js";

const GAP = 5 * 60e3; // a quiet of this length gets a time stamp

/** A line with its time stamp, as one node. `act` has menu, press and view. */
export function drawLine(line, before, act) {
  const box = el("div", { class: "line", data: { n: line.n } });
  if (!before || line.ms - before.ms >= GAP) {
    box.append(el("time", { class: "stamp", datetime: line.at, text: whenText(line.ms, now()) }));
  }
  box.append(line.recalled ? notice(line) : said(line, act));
  return box;
}

function notice(line) {
  const who = line.speaker === store.me ? "你" : person(line.speaker).name;
  return el("p", { class: "notice", text: `${who}撤回了一条消息` });
}

function said(line, act) {
  const speaker = person(line.speaker);
  const mine = line.speaker === store.me;
  const row = el("article", { class: mine ? "said mine" : "said" });
  row.setAttribute("aria-label", `${mine ? "我" : speaker.name}说`);
  const column = el("div", { class: "said-body" });
  if (line.group && !mine) {
    const role = speaker.role === "resident" ? "" : roleName(speaker);
    column.append(el("p", { class: "said-name", text: speaker.name }, role && el("span", { class: "said-role", text: role })));
  }
  const bubbles = el("div", { class: "bubbles" });
  for (const item of line.attachments) bubbles.append(attachment(item, act));
  if (line.card) bubbles.append(card(line, act));
  else if (line.text) bubbles.append(el("div", { class: "bubble" }, ...linked(line.text)));
  const actions = el("button", { type: "button", class: "said-more", "aria-label": "引用或撤回", "aria-haspopup": "menu" }, icon("more"));
  actions.addEventListener("click", () => act.menu(line, actions));
  holdable(bubbles, () => act.menu(line, bubbles));
  column.append(el("div", { class: "said-row" }, bubbles, actions));
  if (line.quote) column.append(quoted(line));
  row.append(avatar(speaker), column);
  return row;
}

/** Words, the addresses among them as links: a chat lets them be tapped. */
function linked(text) {
  const address = /(https?:\/\/[\w.:\-[\]]+(?:\/[\w./?&=%#~+\-]*)?)/;
  return text.split(address).map((part, place) =>
    place % 2 ? el("a", { href: part, target: "_blank", rel: "noopener noreferrer", text: part }) : part);
}

/** The words that are answered, with who said them. */
function quoted(line) {
  const origin = linesOf(line.key).findLast((other) => other.n < line.n && other.text === line.quote);
  const who = origin ? `${person(origin.speaker).name}：` : "";
  return el("p", { class: "quoted", text: who + line.quote });
}

function attachment(item, act) {
  if (item.kind !== "image" || !item.key) {
    const kind = { image: "图片", voice: "语音", video: "视频", file: "文件", location: "位置" }[item.kind] ?? "附件";
    return el("div", { class: "bubble chip" }, el("span", { class: "chip-kind", text: kind }), el("span", { text: item.name }));
  }
  const address = `/media/${encodeURIComponent(item.key)}`;
  const image = el("img", { class: "photo", src: address, alt: item.name || "图片", decoding: "async" });
  image.addEventListener("error", () => image.replaceWith(el("span", { class: "photo-lost", text: "图片打不开" })), { once: true });
  return el("button", { type: "button", class: "photo-button", "aria-label": `放大图片 ${item.name}`, on: { click: () => act.view(address, item.name) } }, image);
}

function card(line, act) {
  const box = el("section", { class: "card", data: { card: line.n }, "aria-label": line.card.title });
  box.append(el("header", { class: "card-head" }, el("h3", { text: line.card.title }), el("span", { class: "label", hidden: true })));
  if (line.card.fields.length) {
    const list = el("dl", { class: "facts" });
    for (const [name, value] of line.card.fields) list.append(el("dt", { text: name }), el("dd", { text: value }));
    box.append(list);
  }
  if (line.card.body) box.append(el("p", { class: "card-words", text: line.card.body }));
  if (line.card.buttons.length) {
    const buttons = el("div", { class: `card-buttons count-${Math.min(line.card.buttons.length, 6)}` });
    for (const { key, label } of line.card.buttons) {
      const button = el("button", { type: "button", data: { press: key, label } });
      button.addEventListener("click", () => act.press(line, key));
      buttons.append(button);
    }
    box.append(buttons);
  }
  refreshCard(box, line);
  return box;
}

/** Bring a card's label and buttons in line with what became of its case. */
export function refreshCard(box, line) {
  const row = caseOf(line);
  const label = box.querySelector(".label");
  label.hidden = !row;
  if (row) {
    label.textContent = statusText(row);
    label.className = `label status-${row.status}`;
  }
  const chatLines = linesOf(line.key);
  for (const button of box.querySelectorAll("[data-press]")) {
    const { press, label: words } = button.dataset;
    const used = line.pressed[press] !== undefined;
    button.textContent = used ? `✓ ${words}` : words;
    button.classList.toggle("used", used);
    button.disabled = !usable(line, press, row, chatLines);
  }
}

/** Long press (touch) and right click open the same menu as the ⋯ button. */
function holdable(node, open) {
  let timer = 0;
  let x = 0;
  let y = 0;
  const stop = () => clearTimeout(timer);
  node.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    stop();
    open();
  });
  node.addEventListener("touchstart", (event) => {
    if (event.target.closest(".card-buttons")) return;
    x = event.touches[0].clientX;
    y = event.touches[0].clientY;
    timer = setTimeout(open, 500);
  }, { passive: true });
  node.addEventListener("touchmove", (event) => {
    const touch = event.touches[0];
    if (Math.hypot(touch.clientX - x, touch.clientY - y) > 10) stop();
  }, { passive: true });
  node.addEventListener("touchend", stop);
  node.addEventListener("touchcancel", stop);
}
