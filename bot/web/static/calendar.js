// The page 日历: one week, drawn from api/calendar; a card is moved by dragging or by a list.

const NAMES = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const NOTICES = { waiting: "等确认", standing: "到时发", sent: "已发", expired: "过期没发" };
const DEMO = document.body.dataset.demo === "yes";
const byId = (id) => document.getElementById(id);
const MISSED = { skip: "没开机那次不发", late: "没开机过后补发", valid: "没开机，有效期内补发" };
const RHYTHMS = { workday: () => "每个工作日", eve: () => "放假前一天", after: () => "放假后第一个工作日" };
RHYTHMS.day = (_, { step }) => (step > 1 ? `每 ${step} 天` : "每天");
RHYTHMS.week = (numbers, { step }) => `${step > 1 ? `每 ${step} 周的周` : "每周"}${numbers.map((one) => "一二三四五六日"[one - 1]).join("、")}`;
RHYTHMS.nth = ([which, day]) => `每月${which < 0 ? "最后一个" : `第${"一二三四五"[which - 1]}个`}${day ? NAMES[day - 1] : "工作日"}`;
const months = ({ step, of_quarter: month }) => {
  if (month) return `每季度第${"一二三"[month - 1]}个月`;
  return step > 1 ? `每 ${step} 个月的` : "每月";
};
RHYTHMS.month = (numbers, rhythm) => `${months(rhythm)}${numbers.map((one) => (one < 0 ? "最后一天" : `${one}号`)).join("、")}`;
RHYTHMS.year = ([month, day]) => `每年${month}月${day}日`;
let shown = null;
let asked = 0; // only the answer to the newest question is drawn

function make(tag, text = "", className = "") {
  const node = document.createElement(tag);
  node.textContent = text;
  node.className = className;
  return node;
}

function complain(text) {
  byId("problem").textContent = text;
  byId("problem").hidden = !text;
}

/** Say what was done; a reader hears it, and the keyboard goes on at the card that was moved. */
function tell(text, key) {
  byId("told").textContent = text;
  const card = document.querySelector(`[data-card="${key}"]`);
  (card?.querySelector("select") ?? byId("told")).focus();
}

async function ask(path, body) {
  const options = body
    ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }
    : {};
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("连不上服务，请稍后再试。");
  }
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error || "没有办成，请刷新页面再试。");
  return said;
}

const person = () => (DEMO ? { person: byId("person").value } : {});
const short = (day) => `${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日`;

function shift(day, days) {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

const weekday = (day) => NAMES[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7];

function dayName(day) {
  const next = day > shift(shown.first, 6) ? "下" : "";
  return `${next}${weekday(day)} ${short(day)}`;
}

async function move(path, body, done, key) {
  let problem = "";
  try {
    await ask(path, { ...person(), ...body });
  } catch (error) {
    problem = error.message;
  }
  await show(shown.first, problem);
  tell(problem ? "" : done, key);
}

function moveVisit(visit, day, worker = "") {
  const hand = visit.hands.find((one) => one.id === worker);
  const done = `${visit.name}${hand ? `交给${hand.name}` : `改到${dayName(day)}`}了。`;
  return move("api/calendar/move", { visit: visit.id, day, worker }, done, `visit ${visit.id}`);
}
// A recurring notice that is dragged moves this once: the smaller change. Its list moves it for good.
function moveNotice(notice, day, scope = notice.again ? "once" : "") {
  const done = `通知${scope === "rhythm" ? "以后都" : ""}改到${dayName(day)}了。`;
  return move("api/calendar/notice", { notice: notice.id, day, scope }, done, `notice ${notice.id}`);
}

function chooser(first, label, options, chosen) {
  const list = make("select");
  list.setAttribute("aria-label", label);
  list.append(new Option(first, ""));
  for (const [text, value] of options) list.append(new Option(text, value));
  list.addEventListener("change", () => list.value && chosen(list.value));
  // A closed list takes the next day at an arrow key, before anybody has read it: open it first.
  list.addEventListener("keydown", (event) => {
    if (!event.key.startsWith("Arrow") || event.altKey || !list.showPicker) return;
    event.preventDefault();
    list.showPicker();
  });
  return list;
}

function movable(card, kind, one, days, moved, label = "改到…") {
  card.draggable = true;
  card.dataset.card = `${kind} ${one.id}`;
  card.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", `${kind} ${one.id}`));
  const choices = make("div", "", "choices");
  if (days.length) {
    const options = days.map((day) => [dayName(day), day]);
    choices.append(chooser(label, `把${one.name || "通知"}改到哪天`, options, moved));
  }
  card.append(choices);
  return choices;
}

function visitCard(visit) {
  const card = make("article", "", visit.status);
  card.append(make("b", visit.name), make("span", `${visit.kind} · ${visit.worker} · ${visit.state}`));
  if (visit.movable) {
    const choices = movable(card, "visit", visit, visit.open, (day) => moveVisit(visit, day));
    if (visit.hands.length) {
      const options = visit.hands.map((one) => [one.name, one.id]);
      choices.append(chooser("交给…", `把${visit.name}交给谁`, options, (id) => moveVisit(visit, visit.day, id)));
    }
  }
  return card;
}

function patrolCard(patrols) {
  const card = make("article", "", `patrols ${patrols.missed ? "missed" : patrols.done === patrols.total ? "done" : ""}`);
  const missed = patrols.missed ? `，漏查 ${patrols.missed}` : "";
  card.append(make("b", "网格巡查"), make("span", `已走访 ${patrols.done}/${patrols.total}${missed}`));
  const list = make("ul");
  for (const one of patrols.lines) {
    const line = make("li", one.name, one.status);
    if (one.status !== "planned") line.append(make("em", one.state));
    list.append(line);
  }
  if (patrols.lines.length) card.append(list);
  return card;
}

/** What a leader has to know of a notice beside its words: who says yes, how often, until when. */
function noticeTerms(notice) {
  const waits = notice.status === "waiting";
  const lines = [];
  if (notice.desk && (waits || notice.desk !== notice.by)) lines.push(waits ? `等${notice.desk}确认` : notice.approved ? `${notice.desk}确认` : "");
  if (notice.rhythm) {
    const [from, to] = notice.rhythm.season;
    const season = from ? `（${from[0]}月${from[1]}日到${to[0]}月${to[1]}日）` : "";
    lines.push(`${RHYTHMS[notice.rhythm.days](notice.rhythm.numbers, notice.rhythm)} ${notice.rhythm.at}${season}`);
  }
  const coming = waits || notice.status === "standing";
  if (coming && notice.held) lines.push(`夜里不打扰，${notice.held} 才发`);
  if (coming && notice.missed) lines.push(MISSED[notice.missed]);
  if (notice.status !== "expired") lines.push(`有效到 ${short(notice.until)} ${notice.until.slice(11)}`);
  if (notice.receipts) lines.push("要回“收到”");
  return lines.filter(Boolean);
}

function noticeCard(notice) {
  const card = make("article", "", `notice ${notice.status}`);
  const by = notice.by ? ` · ${notice.by}` : "";
  card.append(make("b", `${notice.time} ${notice.urgent ? "紧急通知" : "通知"}`), make("span", notice.words));
  card.append(make("span", `${NOTICES[notice.status] || ""}${by}`, "state"));
  for (const line of noticeTerms(notice)) card.append(make("span", line, "state"));
  if (!notice.open.length && !notice.always.length) return card;
  const label = notice.again ? "这次改到…" : "改到…";
  const choices = movable(card, "notice", notice, notice.open, (day) => moveNotice(notice, day), label);
  if (notice.always.length) {
    const options = notice.always.map((day) => [dayName(day), day]);
    choices.append(chooser("以后改到…", "以后都改到哪天", options, (day) => moveNotice(notice, day, "rhythm")));
  }
  return card;
}

function dropped(event, day) {
  const [kind, id] = event.dataTransfer.getData("text/plain").split(" ");
  const rows = kind === "visit" ? shown.visits : kind === "notice" ? shown.notices : [];
  const one = rows.find((row) => row.id === Number(id));
  if (!one || one.day === day) return;
  if (kind === "visit") moveVisit(one, day);
  else moveNotice(one, day);
}

// The rounds of a day are planned on its morning; a card for each day ahead would say nothing more.
function nothing(day, work) {
  const rounds = shown.patrols.some((one) => one.total);
  return work && day > shown.today && rounds ? "只有每天的巡查" : "没有安排";
}

function column({ day, work }) {
  const cards = [
    ...shown.notices.filter((one) => one.day === day).map(noticeCard),
    ...shown.patrols.filter((one) => one.day === day && one.total).map(patrolCard),
    ...shown.visits.filter((one) => one.day === day).map(visitCard),
  ];
  const states = [work ? "" : "off", day === shown.today ? "today" : "", day < shown.today ? "past" : "", cards.length ? "" : "empty"];
  const box = make("section", "", states.filter(Boolean).join(" "));
  box.dataset.day = day;
  const head = make("h2", `${weekday(day)} ${short(day)} `);
  head.append(make("small", day === shown.today ? "今天" : work ? "" : "休息"));
  box.append(head, ...(cards.length ? cards : [make("p", nothing(day, work), "none")]));
  box.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("over"); });
  box.addEventListener("dragleave", () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("over");
    dropped(event, day);
  });
  return box;
}

function hint() {
  if (shown.more) return `这周的走访太多，只列出一部分，还有 ${shown.more} 处。`;
  const some = shown.visits.some((one) => one.movable) || shown.notices.some((one) => one.open.length);
  return some ? "待走访的可以拖到另一天，或点“改到”。网格员会收到消息。" : "";
}

function planLine(plan) {
  const line = make("li", "", plan.done >= plan.wanted ? "done" : "");
  line.append(make("b", plan.name), make("span", `${plan.done}/${plan.wanted} · ${short(plan.last)}前`));
  return line;
}

function draw() {
  byId("area").textContent = shown.area;
  byId("span").textContent = `${short(shown.first)}–${short(shift(shown.first, 6))}`;
  if (DEMO) byId("person").value = shown.me.id;
  else byId("name").textContent = shown.me.name;
  byId("hint").textContent = hint();
  byId("hint").hidden = !hint();
  byId("plans").replaceChildren(...(shown.plans || []).map(planLine));
  byId("plans").hidden = !(shown.plans || []).length;
  byId("week").replaceChildren(...shown.days.slice(0, 7).map(column));
}

async function show(day, problem = "") {
  const mine = ++asked;
  byId("told").textContent = "";
  try {
    const query = new URLSearchParams({ ...person(), day });
    const found = await ask(`api/calendar?${query}`);
    if (mine !== asked) return;
    shown = found;
    complain(problem);
  } catch (error) {
    complain(error.message);
    return;
  }
  draw();
}

async function choosePeople() {
  const world = await ask("api/state");
  const rank = { leader: 0, street: 1, district: 2, worker: 3 };
  const staff = world.people.filter((one) => one.role in rank);
  staff.sort((one, other) => rank[one.role] - rank[other.role]);
  byId("person").append(new Option("", ""), ...staff.map((one) => new Option(one.name, one.id)));
  byId("person").addEventListener("change", () => show(shown ? shown.first : ""));
}

async function leave() {
  await fetch("logout", { method: "POST" });
  location.reload();
}

async function begin() {
  byId("before").addEventListener("click", () => shown && show(shift(shown.first, -7)));
  byId("after").addEventListener("click", () => shown && show(shift(shown.first, 7)));
  byId("now").addEventListener("click", () => show(""));
  if (DEMO) await choosePeople();
  else byId("leave").addEventListener("click", leave);
  await show("");
  const today = document.querySelector("section.today");
  if (today && innerWidth < 760) today.scrollIntoView({ block: "start" });
}

begin().catch((error) => complain(error.message));
