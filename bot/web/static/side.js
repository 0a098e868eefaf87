// Who speaks and where: the chat list, the switch of persons, news for somebody else.

import { $, avatar, el, icon, keyed, mosaic, setText, soon, whenText } from "./dom.js";
import { BOT, ROLES, chatName, chatsOf, emit, everybody, linesOf, membersOf, now, on, person, privateKey, roleName, save, saved, store, unread } from "./store.js";

const wide = matchMedia("(min-width: 900px)");

/** Open a chat of the present speaker. */
export function openChat(key, { open = true } = {}) {
  store.chat = key;
  setOpen(open);
  save("place", { me: store.me, chat: key });
  emit("look");
  // The row that was tapped is gone from a phone's screen: a screen reader goes on at the title.
  if (store.open && !wide.matches) $("talk-title").focus();
}

/** On a phone a conversation covers the list; the phone's own back key leaves it. */
function setOpen(open) {
  if (open && !store.open && !wide.matches) history.pushState({ open: true }, "");
  store.open = open;
  $("app").classList.toggle("open", open);
}

/** Show the conversation, wherever the phone is. */
export function showTalk() {
  showTab("chats");
  if (!store.open) openChat(store.chat);
}

/** Leave the conversation for the list (phone). */
export function leaveChat() {
  if (!store.open) return;
  setOpen(false);
  emit("look");
  if (!wide.matches) $("chats").querySelector("[aria-current]")?.focus();
}

export function showTab(tab) {
  store.tab = tab;
  $("app").dataset.tab = tab;
  for (const button of $("tabs").children) {
    if (button.dataset.tab === tab) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
}

const lastOf = (key) => linesOf(key).at(-1);
const byNews = (a, b) => (lastOf(b)?.n ?? 0) - (lastOf(a)?.n ?? 0);

/** Speak as somebody else; their chat with news is opened, or the one at hand, or their group. */
export function become(id, key = null) {
  store.me = id;
  const chats = chatsOf(id);
  const news = chats.filter((chat) => unread(id, chat)).sort(byNews);
  const own = news.find((chat) => chat === privateKey(id));
  const next = key ?? own ?? (chats.includes(store.chat) ? store.chat : news[0] ?? chats[1] ?? chats[0]);
  closePeople();
  showTab("chats");
  openChat(next, { open: wide.matches ? store.open : key !== null });
}

function preview(line) {
  if (!line) return "还没有消息";
  if (line.recalled) return `${line.speaker === store.me ? "你" : person(line.speaker).name}撤回了一条消息`;
  const kinds = { image: "[图片]", voice: "[语音]", video: "[视频]", file: "[文件]", location: "[位置]" };
  const words = line.attachments.map((item) => kinds[item.kind] ?? "[附件]").join("") + (line.card ? line.card.title : line.text);
  return line.group && line.speaker !== store.me ? `${person(line.speaker).name}：${words}` : words;
}

function drawChats() {
  const chats = chatsOf(store.me).sort(byNews);
  keyed($("chats"), chats, (key) => key, makeChat, (node, key) => {
    const line = lastOf(key);
    const count = unread(store.me, key);
    const button = node.firstElementChild;
    if (key === store.chat) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
    if (key.startsWith("g:")) {
      const members = membersOf(key);
      if (button.dataset.members !== String(members.length)) {
        button.dataset.members = String(members.length);
        button.querySelector(".avatar").replaceWith(mosaic([...members].reverse()));
      }
    }
    setText(button.querySelector(".chat-last"), preview(line).slice(0, 80));
    setText(button.querySelector(".chat-time"), line ? whenText(line.ms, now(), true) : "");
    badge(button.querySelector(".badge"), count);
  });
}

function makeChat(key) {
  const face = key.startsWith("g:") ? mosaic([]) : avatar(BOT);
  const button = el("button", { type: "button", class: "chat", on: { click: () => openChat(key) } },
    face,
    el("span", { class: "chat-body" },
      el("span", { class: "chat-top" }, el("span", { class: "chat-name", text: chatName(key) }), el("span", { class: "chat-time" })),
      el("span", { class: "chat-bottom" }, el("span", { class: "chat-last" }), el("b", { class: "badge", hidden: true }))));
  return el("li", {}, button);
}

function badge(node, count) {
  node.hidden = count === 0;
  setText(node, count > 99 ? "99+" : String(count));
  node.setAttribute("aria-label", `${count} 条未读`);
}

/** News that is for this person alone: the private chat. */
const news = (id) => unread(id, privateKey(id));

function drawWho() {
  const me = person(store.me);
  $("who").replaceChildren(
    avatar(me),
    el("span", { class: "who-words" }, el("small", { text: "我是" }), el("strong", { text: me.name }), el("span", { text: [roleName(me), me.area].filter(Boolean).join(" · ") })),
    el("span", { class: "who-switch" }, icon("swap"), "换人"));
  $("who").setAttribute("aria-label", `我是 ${me.name}，${roleName(me)}。换人`);
}

function drawPeople() {
  const all = everybody();
  const groups = ROLES.map(([role, name]) => [name, all.filter((someone) => someone.role === role)]).filter(([, people]) => people.length);
  keyed($("people-list"), groups, ([name]) => name,
    ([name]) => el("section", { class: "people-group" }, el("h3", { text: name }), el("div", { class: "people-grid" })),
    (node, [name, people]) => {
      const items = name === "居民" ? [...people, null] : people;
      keyed(node.lastElementChild, items, (someone) => someone?.id ?? "+", makePerson, (button, someone) => {
        if (!someone) return;
        button.setAttribute("aria-pressed", String(someone.id === store.me));
        badge(button.querySelector(".badge"), someone.id === store.me ? 0 : news(someone.id));
      });
    });
}

function makePerson(someone) {
  if (!someone) {
    return el("button", { type: "button", class: "person add", on: { click: addGuest } },
      el("span", { class: "avatar plus", "aria-hidden": "true", text: "＋" }),
      el("span", { class: "person-words" }, el("strong", { text: "再加一位" }), el("small", { text: "名单外的居民" })));
  }
  return el("button", { type: "button", class: "person", data: { person: someone.id }, on: { click: () => become(someone.id) } },
    avatar(someone),
    el("span", { class: "person-words" }, el("strong", { text: someone.name }), el("small", { text: someone.area || roleName(someone) })),
    el("b", { class: "badge", hidden: true }));
}

function addGuest() {
  const taken = new Set(everybody().map((someone) => someone.id));
  let number = 1;
  while (taken.has(`guest${number}`) && number < 999) number += 1;
  save("guests", [...saved("guests", ["guest1"]), `guest${number}`]);
  become(`guest${number}`);
}

/** The latest news first; of those told at the same time, the worker. */
function byTurn(a, b) {
  const [one, other] = [lastOf(privateKey(a.id)), lastOf(privateKey(b.id))];
  if (Math.abs(one.ms - other.ms) < 2000 && a.role !== b.role) {
    if (a.role === "worker") return -1;
    if (b.role === "worker") return 1;
  }
  return other.n - one.n;
}

/** Tell that somebody else was written to in private, with one tap to them. */
function drawNudge() {
  const others = everybody().filter((someone) => someone.id !== store.me && news(someone.id));
  others.sort(byTurn);
  const [first] = others;
  const dot = $("tabs").querySelector('[data-tab="me"] .dot');
  dot.hidden = !first;
  if (!first) return $("nudge").replaceChildren();
  const rest = others.length > 1 ? `，还有 ${others.length - 1} 人` : "";
  const text = `${first.name}（${roleName(first)}）收到 ${news(first.id)} 条私聊${rest}`;
  if ($("nudge").textContent === `${text}去看看`) return undefined;
  return $("nudge").replaceChildren(el("button", { type: "button", class: "nudge-button", on: { click: () => become(first.id, privateKey(first.id)) } },
    avatar(first, true), el("span", { text }), el("strong", { text: "去看看" })));
}

function drawTabs() {
  const mine = chatsOf(store.me).some((key) => unread(store.me, key));
  $("tabs").querySelector('[data-tab="chats"] .dot').hidden = !mine;
}

function drawAll() {
  drawWho();
  drawChats();
  drawPeople();
  drawNudge();
  drawTabs();
}

function openPeople() {
  if (!wide.matches) { showTab("me"); return; }
  $("people").classList.add("on");
  $("who").setAttribute("aria-expanded", "true");
  ($("people").querySelector('[aria-pressed="true"]') ?? $("people")).focus();
}

/** Close the switch of persons; true when it was open. */
export function closePeople() {
  if (!$("people").classList.contains("on")) return false;
  const inside = $("people").contains(document.activeElement);
  $("people").classList.remove("on");
  $("who").setAttribute("aria-expanded", "false");
  if (inside) $("who").focus();
  return true;
}

/** Wire the left column up. */
export function startSide() {
  for (const name of ["look", "reload"]) on(name, drawAll);
  for (const name of ["lines", "read", "clock"]) on(name, soon(drawAll));
  $("who").addEventListener("click", () => (closePeople() ? undefined : openPeople()));
  document.addEventListener("pointerdown", (event) => {
    if (!$("people").contains(event.target) && !$("who").contains(event.target)) closePeople();
  });
  $("tabs").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) showTab(button.dataset.tab);
  });
  $("talk-back").addEventListener("click", () => history.back());
  addEventListener("popstate", leaveChat);
}
