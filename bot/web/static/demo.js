// The demo page: puts the parts together, shows the clock, begins.

import { $, clockText, setText, toast } from "./dom.js";
import { startCases } from "./cases.js";
import { startComposer } from "./composer.js";
import { become, closePeople, openChat, showTalk, startSide } from "./side.js";
import { chatsOf, emit, load, now, on, post, saved, store, ticking } from "./store.js";
import { closeMenu, startTalk } from "./talk.js";

function drawClock() {
  const [day, time] = clockText(now(), ticking());
  setText($("clock-day"), day);
  setText($("clock-time"), time);
}

async function moveClock(minutes) {
  const before = now();
  const buttons = [...$("clock-buttons").children];
  const late = minutes === "next";
  for (const button of buttons) button.disabled = true;
  $("bar").classList.add("moving");
  const answer = await post("/api/clock", { minutes: late ? null : Number(minutes) });
  $("bar").classList.remove("moving");
  for (const button of buttons) button.disabled = false;
  if (!answer) return;
  const after = Date.parse(answer.now);
  if (late && after - before < 1500) toast("现在没有等着的时限");
  else toast(`时间到了 ${clockText(after, false).join(" ")}`);
}

/** Begin where this browser left, or as the first resident in their group. */
function begin() {
  const place = saved("place", null);
  const known = place && (store.people.has(place.me) || /^guest\d+$/.test(place.me));
  const first = [...store.people.values()].find((someone) => someone.role === "resident") ?? [...store.people.values()][0];
  const me = known ? place.me : first?.id ?? "guest1";
  store.me = me;
  if (known && chatsOf(me).includes(place.chat)) openChat(place.chat, { open: false });
  else become(me);
}

/** Start again and again until the program answers. */
async function start() {
  try {
    await load();
  } catch (error) {
    toast(error.message);
    setTimeout(start, 2000);
    return;
  }
  begin();
  emit("reload");
  document.body.classList.add("ready");
}

startTalk();
startComposer();
startSide();
startCases();
on("help", showTalk);
on("clock", drawClock);
setInterval(() => { drawClock(); emit("tick"); }, 1000);
$("clock-buttons").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) moveClock(button.dataset.minutes);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && (closeMenu() || closePeople())) event.preventDefault();
});
start();
