// Saying something: words, a quote, a picture picked or pasted, one-tap examples.

import { $, el, icon, toast } from "./dom.js";
import { apiChat, attempt, emit, on, person, post, request, save, saved, store } from "./store.js";

const MAX_PICTURE = 10 * 1024 * 1024;
const EXAMPLES = {
  resident: ["3号楼2单元楼道灯不亮了", "楼道好大的烟 着火了 3号楼", "电梯坏了", "进度"],
  worker: ["我的案件", "今日走访", "收到，马上到", "帮助"],
  department: ["我的案件", "帮助"],
  other: ["我的案件", "今日走访", "日历", "帮助"],
};

let quote = null;
let picture = null; // {file, url}
let busy = false;

function grow() {
  const words = $("words");
  words.style.setProperty("height", "auto");
  words.style.setProperty("height", `${Math.min(words.scrollHeight, 132)}px`);
  $("send").classList.toggle("ready", Boolean(words.value.trim() || picture));
}

function strip(label, content, remove) {
  const close = el("button", { type: "button", class: "icon-button", "aria-label": label, on: { click: remove } }, icon("close"));
  return el("div", { class: "pending-item" }, content, close);
}

function drawPending() {
  const items = [];
  if (quote) {
    const text = `${quote.speaker === store.me ? "我" : person(quote.speaker).name}：${quote.text}`;
    items.push(strip("不引用了", el("p", { class: "pending-words", text }), () => setQuote(null)));
  }
  if (picture) {
    const image = el("img", { class: "pending-picture", src: picture.url, alt: "待发送的图片" });
    items.push(strip("不发这张图片", image, () => setPicture(null)));
  }
  $("pending").replaceChildren(...items);
  $("pending").hidden = items.length === 0;
  grow();
}

function setQuote(line) {
  quote = line;
  drawPending();
  $("words").focus();
}

function setPicture(file) {
  if (picture) URL.revokeObjectURL(picture.url);
  picture = file && { file, url: URL.createObjectURL(file) };
  drawPending();
}

function fits(file) {
  if (file.size <= MAX_PICTURE) return true;
  toast("图片太大了，最多 10 MB。");
  return false;
}

async function sendPicture(file) {
  if (!fits(file)) return false;
  const query = new URLSearchParams({ person: store.me, chat: apiChat(store.chat), name: file.name || "图片" });
  const options = { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } };
  return Boolean(await attempt(request(`/api/picture?${query}`, options)));
}

async function sendWords(text) {
  const body = { person: store.me, chat: apiChat(store.chat), text, quote: quote?.n ?? null };
  return Boolean(await post("/api/say", body));
}

/** Send what is there, the picture first; what could not be sent stays. */
async function send() {
  const words = $("words");
  const text = words.value.trim();
  if (busy || !(text || picture)) return;
  busy = true;
  const where = store.me + store.chat;
  const pictureSent = !picture || (await sendPicture(picture.file));
  if (pictureSent && picture) setPicture(null);
  if (pictureSent && text && (await sendWords(text)) && where === store.me + store.chat) {
    words.value = "";
    quote = null;
    drawPending();
  }
  busy = false;
}

async function sendExample(text) {
  if (busy) return;
  busy = true;
  await sendWords(text);
  busy = false;
}

function drawExamples() {
  const { role } = person(store.me);
  const texts = EXAMPLES[role] ?? EXAMPLES.other;
  $("examples").replaceChildren(...texts.map((text) => el("button", {
    type: "button", class: "example", text, on: { click: () => sendExample(text) },
  })));
}

function takeFiles(files) {
  const file = [...files].find((one) => one.type.startsWith("image/"));
  if (file && fits(file)) setPicture(file);
  return Boolean(file);
}

/** Wire the foot of the conversation up. */
export function startComposer() {
  const words = $("words");
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); send(); });
  words.addEventListener("input", grow);
  words.addEventListener("keydown", (event) => {
    // Enter that confirms a pinyin choice is not a send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  });
  words.addEventListener("paste", (event) => {
    if (takeFiles(event.clipboardData?.files ?? [])) event.preventDefault();
  });
  $("picture").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", async () => {
    const [file] = $("file").files;
    if (file) await sendPicture(file);
    $("file").value = "";
  });
  const talk = $("talk");
  talk.addEventListener("dragover", (event) => event.preventDefault());
  talk.addEventListener("drop", (event) => { event.preventDefault(); takeFiles(event.dataTransfer.files); });
  on("quote", setQuote);
  on("look", () => { quote = null; setPicture(null); drawExamples(); });
  startHint();
}

function startHint() {
  const hint = $("hint");
  const show = (open) => { hint.hidden = !open; save("hint", open); };
  hint.hidden = !saved("hint", true);
  $("hint-close").addEventListener("click", () => show(false));
  // A small screen has no room to keep it once the first thing was said.
  on("lines", ({ line, isNew }) => {
    if (isNew && line.speaker === store.me && (innerWidth < 900 || innerHeight < 760)) hint.hidden = true;
  });
  $("help").addEventListener("click", () => {
    const hidden = hint.hidden || !hint.offsetParent;
    show(hidden);
    if (hidden) emit("help");
  });
}
