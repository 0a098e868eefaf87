// The conversation: its lines, scrolling, the menu on a bubble, pictures enlarged.

import { $, el, setText, soon, toast } from "./dom.js";
import { drawLine, refreshCard } from "./message.js";
import { hold, release } from "./caseinfo.js";
import { BOT, apiChat, chatName, emit, linesOf, markRead, membersOf, on, person, post, roleName, store } from "./store.js";

const SHOWN = 120; // lines drawn at first; older ones on demand
const SETTLE = 1000; // milliseconds in which a pressed button waits for what comes of it
let shown = SHOWN;
let menuFor = null;
let stuck = true; // the end of the conversation is in view and stays there

const looking = () => store.open || matchMedia("(min-width: 900px)").matches;
const atEnd = () => {
  const box = $("scroll");
  return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
};

function toEnd() {
  const box = $("scroll");
  box.scrollTop = box.scrollHeight;
  $("to-end").hidden = true;
  stuck = true;
}

const act = { menu: openMenu, press, view: viewPicture };

/** Draw the open conversation anew. */
function drawAll() {
  closeMenu();
  const lines = linesOf(store.chat);
  const start = Math.max(0, lines.length - shown);
  // Another conversation is no news: a screen reader shall not read all of it aloud.
  $("lines").setAttribute("aria-live", "off");
  setTimeout(() => $("lines").setAttribute("aria-live", "polite"), 500);
  $("lines").replaceChildren(...lines.slice(start).map((line, i) => drawLine(line, lines[start + i - 1], act)));
  $("earlier").hidden = start === 0;
  drawHead();
  if (looking()) markRead();
}

function drawHead() {
  const isGroup = store.chat.startsWith("g:");
  const count = isGroup ? `（${membersOf(store.chat).length + 1}）` : "";
  setText($("talk-title"), chatName(store.chat) + count);
  const me = person(store.me);
  setText($("talk-me"), `你是 ${me.name} · ${roleName(me)}`);
  $("words").placeholder = isGroup ? `以${me.name}的身份说…` : `${me.name}对${BOT.name}说…`;
  const empty = $("empty");
  empty.hidden = linesOf(store.chat).length > 0;
  if (!empty.hidden) {
    const words = isGroup ? "群里还没有人说话" : `还没有和${BOT.name}说过话`;
    const more = isGroup ? "像平时一样说一句，不用 @，机器人也听得见。" : "在这里说的话，只有机器人知道。";
    empty.replaceChildren(el("strong", { text: words }), el("span", { text: more }));
  }
}

function takeLine({ line, isNew }) {
  if (line.key !== store.chat) return;
  const stay = !stuck && line.speaker !== store.me;
  const old = $("lines").querySelector(`[data-n="${line.n}"]`);
  const lines = linesOf(store.chat);
  const before = lines[lines.indexOf(line) - 1];
  if (old) old.replaceWith(drawLine(line, before, act));
  else if (isNew) {
    shown += 1;
    $("lines").append(drawLine(line, before, act));
  }
  drawHead();
  refreshSoon();
  if (!isNew) return;
  if (looking() && !document.hidden) markRead();
  if (stay) $("to-end").hidden = false;
  else toEnd();
}

function refreshCards() {
  for (const box of $("lines").querySelectorAll("[data-card]")) {
    refreshCard(box, store.lines.get(Number(box.dataset.card)));
  }
}

const refreshSoon = soon(refreshCards);

async function press(line, key) {
  hold(line, key);
  refreshCards();
  await post("/api/click", { person: store.me, number: line.n, key });
  setTimeout(() => { release(line, key); refreshCards(); }, SETTLE);
}

/** Opening the private chat for the first time: the platform tells the bot, and it says hello. */
function enter() {
  if (looking() && store.chat.startsWith("p:") && !linesOf(store.chat).length) post("/api/enter", { person: store.me });
}

function lastOwn() {
  return linesOf(store.chat).findLast((line) => line.speaker === store.me && !line.recalled);
}

function openMenu(line, anchor) {
  closeMenu();
  const items = [];
  if (line.text) items.push(["引用", () => emit("quote", line)]);
  if (line.speaker === store.me && line === lastOwn()) items.push(["撤回", () => recall(line)]);
  if (line.text) items.push(["复制", () => copy(line.text)]);
  if (!items.length) return;
  const menu = $("menu");
  menu.replaceChildren(...items.map(([label, run]) => el("button", {
    type: "button", role: "menuitem", text: label,
    on: { click: () => { closeMenu(); run(); } },
  })));
  menu.hidden = false;
  const box = anchor.getBoundingClientRect();
  const place = box.top > 130 ? box.top - menu.offsetHeight - 6 : box.bottom + 6;
  const left = Math.min(Math.max(8, box.left + box.width / 2 - menu.offsetWidth / 2), innerWidth - menu.offsetWidth - 8);
  const top = Math.min(Math.max(8, place), innerHeight - menu.offsetHeight - 8);
  menu.style.setProperty("left", `${left}px`);
  menu.style.setProperty("top", `${top}px`);
  menuFor = anchor;
  menu.firstElementChild.focus();
}

/** Close the bubble's menu; the focus goes back to where it was opened. */
export function closeMenu() {
  const menu = $("menu");
  if (menu.hidden) return false;
  const inside = menu.contains(document.activeElement);
  menu.hidden = true;
  if (inside) menuFor?.focus?.();
  return true;
}

const recall = (line) => post("/api/recall", { person: store.me, chat: apiChat(line.key), number: line.n });

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("已复制");
  } catch {
    toast("浏览器不允许复制");
  }
}

function viewPicture(address, name) {
  const image = $("viewer-image");
  image.src = address;
  image.alt = name || "图片";
  $("viewer").showModal();
}

/** Wire the conversation up. */
export function startTalk() {
  on("look", () => { shown = SHOWN; drawAll(); toEnd(); enter(); });
  on("reload", () => { drawAll(); toEnd(); });
  on("lines", takeLine);
  on("cases", refreshSoon);
  $("scroll").addEventListener("scroll", () => {
    closeMenu();
    stuck = atEnd();
    if (stuck) $("to-end").hidden = true;
  }, { passive: true });
  // A picture arrives, the foot grows: whoever is at the end stays there.
  const keep = new ResizeObserver(() => { if (stuck) toEnd(); });
  keep.observe($("scroll"));
  keep.observe($("lines"));
  $("to-end").addEventListener("click", toEnd);
  $("earlier").addEventListener("click", () => {
    const box = $("scroll");
    const below = box.scrollHeight - box.scrollTop;
    shown += SHOWN;
    drawAll();
    box.scrollTop = box.scrollHeight - below;
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && looking()) { markRead(); emit("read"); }
  });
  $("menu").addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const items = [...$("menu").children];
    const step = event.key === "ArrowDown" ? 1 : items.length - 1;
    items[(items.indexOf(document.activeElement) + step) % items.length].focus();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!$("menu").contains(event.target)) closeMenu();
  });
  const viewer = $("viewer");
  viewer.addEventListener("click", () => viewer.close());
}
