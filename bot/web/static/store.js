// What the page knows, and the one line to the server: state, pushed events, requests.

import { $, toast } from "./dom.js";

export const BOT = { id: "", name: "网格小助手", role: "bot", area: "", groups: [] };
export const ROLES = [
  ["resident", "居民"], ["worker", "网格员"], ["leader", "社区"],
  ["street", "街道"], ["district", "区"], ["department", "部门"],
];
const ROLE_NAMES = new Map(ROLES);

export const store = {
  people: new Map(),
  groups: new Map(),
  guestGroups: [],
  lines: new Map(), // number -> line
  chats: new Map(), // chat key -> its line numbers in order
  cases: [],
  me: "",
  chat: "",
  read: {}, // person -> chat key -> number of the last line seen
  open: false, // on a phone: a conversation is open
  tab: "chats",
};

const clock = { base: Date.now(), at: performance.now(), running: false };
const listeners = {};
let source = null;
let cursor = "";
let epoch = "";
let lost = 0;

/** Call `fn` whenever `name` happens: lines, cases, clock, look (another person, chat or tab). */
export function on(name, fn) {
  (listeners[name] ??= []).push(fn);
}

export function emit(name, detail) {
  for (const fn of listeners[name] ?? []) fn(detail);
}

/** The demo's time now, in milliseconds. */
export const now = () => clock.base + (clock.running ? performance.now() - clock.at : 0);
export const ticking = () => clock.running;

function setClock(row) {
  clock.base = Date.parse(row.now);
  clock.at = performance.now();
  clock.running = row.running;
  emit("clock");
}

/** A person by id; strangers get a name of their own. */
export function person(id) {
  if (id === "") return BOT;
  const known = store.people.get(id);
  if (known) return known;
  const number = /^guest(\d+)$/.exec(id);
  const name = number ? `陌生居民${number[1] === "1" ? "" : number[1]}` : id;
  const hue = number ? (Number(number[1]) + 2) % 8 : 0;
  return { id, name, hue, role: "resident", area: "名单上没有", groups: number ? store.guestGroups : [] };
}

export const roleName = (someone) => ROLE_NAMES.get(someone.role) ?? (someone.id ? "" : "机器人");

/** Everybody who can be played: the roster, and the strangers made up so far. */
export function everybody() {
  const guests = new Set(saved("guests", ["guest1"]));
  for (const line of store.lines.values()) if (/^guest\d+$/.test(line.speaker)) guests.add(line.speaker);
  return [...store.people.values(), ...[...guests].map(person)];
}

export const groupKey = (id) => `g:${id}`;
export const privateKey = (id) => `p:${id}`;
const lineKey = (line) => (line.group ? groupKey(line.chat) : privateKey(line.chat));

/** The chats of a person: their groups, and the private one with the bot. */
export function chatsOf(id) {
  return [privateKey(id), ...person(id).groups.map(groupKey)];
}

/** What the API calls this chat: the group's id, "" in private. */
export const apiChat = (key) => (key.startsWith("g:") ? key.slice(2) : "");
export const chatName = (key) => (key.startsWith("g:") ? store.groups.get(key.slice(2))?.name ?? key.slice(2) : BOT.name);

/** Who sits in a group, without the bot. */
export function membersOf(key) {
  const spoke = new Set(linesOf(key).map((line) => line.speaker));
  return everybody().filter((someone) => someone.groups.includes(key.slice(2))
    && (store.people.has(someone.id) || spoke.has(someone.id) || someone.id === store.me));
}

export const linesOf = (key) => (store.chats.get(key) ?? []).map((number) => store.lines.get(number));

/** How many lines in this chat a person has not seen. */
export function unread(id, key) {
  const seen = store.read[id]?.[key] ?? 0;
  let count = 0;
  const numbers = store.chats.get(key) ?? [];
  for (let i = numbers.length - 1; i >= 0 && numbers[i] > seen; i -= 1) {
    if (store.lines.get(numbers[i]).speaker !== id) count += 1;
  }
  return count;
}

/** The open chat was looked at. */
export function markRead() {
  const last = store.chats.get(store.chat)?.at(-1) ?? 0;
  const seen = (store.read[store.me] ??= {});
  if ((seen[store.chat] ?? 0) >= last) return;
  seen[store.chat] = last;
  save("read", { epoch, read: store.read });
}

function takeLine(line) {
  const key = lineKey(line);
  line.key = key;
  line.ms = Date.parse(line.at);
  const isNew = !store.lines.has(line.n);
  store.lines.set(line.n, line);
  if (isNew) {
    const numbers = store.chats.get(key) ?? [];
    numbers.push(line.n);
    store.chats.set(key, numbers);
  }
  return isNew;
}

/** Fetch everything and follow what happens from there on. */
export async function load() {
  const state = await request("/api/state");
  epoch = state.epoch;
  cursor = state.cursor;
  store.people = new Map(state.people.map((someone, i) => [someone.id, { ...someone, hue: i % 8 }]));
  store.groups = new Map(state.groups.map((group) => [group.id, group]));
  store.guestGroups = state.guest_groups;
  store.lines.clear();
  store.chats.clear();
  state.lines.forEach(takeLine);
  store.cases = state.cases;
  const read = saved("read", null);
  store.read = read?.epoch === epoch ? read.read : {};
  setClock(state.clock);
  follow();
}

function follow() {
  source?.close();
  source = new EventSource(`/api/events?after=${encodeURIComponent(cursor)}`);
  const note = (event) => { if (event.lastEventId) cursor = event.lastEventId; };
  source.addEventListener("open", () => {
    clearTimeout(lost);
    lost = 0;
    $("offline").hidden = true;
  });
  source.addEventListener("message", (event) => {
    note(event);
    const line = JSON.parse(event.data);
    emit("lines", { line, isNew: takeLine(line) });
  });
  source.addEventListener("cases", (event) => {
    note(event);
    store.cases = JSON.parse(event.data);
    emit("cases");
  });
  source.addEventListener("clock", (event) => {
    note(event);
    setClock(JSON.parse(event.data));
  });
  source.addEventListener("reset", () => restart(0));
  source.addEventListener("error", () => {
    lost ||= setTimeout(() => { $("offline").hidden = false; }, 1200);
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 1500);
  });
}

/** The server was started anew: begin again from its state. */
async function restart(delay) {
  source?.close();
  await new Promise((done) => { setTimeout(done, delay); });
  try {
    await load();
    emit("reload");
  } catch {
    restart(1500);
  }
}

/** Ask the server; throws an Error whose message can be shown. */
export async function request(url, options) {
  let response;
  try {
    response = await fetch(url, options);
  } catch {
    throw new Error("连不上服务，请看看程序是否还在运行。");
  }
  const body = await response.json().catch(() => null);
  if (response.ok && body) return body;
  throw new Error(body?.error ?? "出错了，请稍后再试。");
}

/** Post JSON; what goes wrong is said and answered with null. */
export async function post(url, body) {
  const headers = { "Content-Type": "application/json" };
  return attempt(request(url, { method: "POST", headers, body: JSON.stringify(body) }));
}

export async function attempt(promise) {
  try {
    return await promise;
  } catch (error) {
    toast(error.message);
    return null;
  }
}

/** What this browser remembers; a browser that forbids it forgets. */
export function saved(name, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`gridbot.${name}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function save(name, value) {
  try {
    localStorage.setItem(`gridbot.${name}`, JSON.stringify(value));
  } catch { /* private window: nothing is kept */ }
}
