// The page 日历: one week, drawn from /api/calendar; a visit is moved by dragging or by a list.

const NAMES = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const byId = (id) => document.getElementById(id);
let shown = null;

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
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error || "没有办成，请刷新页面再试。");
  return said;
}

const short = (day) => `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`;

function shift(day, days) {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

async function move(visit, day) {
  try {
    await ask("/api/calendar/move", { person: byId("person").value, visit, day });
    complain("");
  } catch (error) {
    complain(error.message);
  }
  await show(shown.first, true);
}

function visitCard(visit) {
  const card = make("article", "", visit.status);
  card.append(make("b", visit.name), make("span", `${visit.kind} · ${visit.worker} · ${visit.state}`));
  if (visit.movable) {
    card.draggable = true;
    card.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", String(visit.id)));
    const list = make("select");
    list.setAttribute("aria-label", `把${visit.name}改到哪天`);
    list.append(new Option("改到……", ""));
    for (const { day, work } of shown.days) {
      const open = work && day >= shown.today && day !== visit.day && day <= visit.until;
      if (open) list.append(new Option(`${NAMES[shown.days.findIndex((one) => one.day === day)]} ${short(day)}`, day));
    }
    list.addEventListener("change", () => list.value && move(visit.id, list.value));
    if (list.length > 1) card.append(list);
  }
  return card;
}

function noticeCard(notice) {
  const card = make("article", "", "notice");
  card.append(make("b", `${notice.time} 通知`), make("span", notice.words + (notice.by ? ` · ${notice.by}` : "")));
  return card;
}

function column({ day, work }, index) {
  const box = make("section", "", [work ? "" : "off", day === shown.today ? "today" : ""].join(" ").trim());
  box.dataset.day = day;
  const head = make("h2", `${NAMES[index]} ${short(day)} `);
  head.append(make("small", work ? "" : "休息"));
  box.append(head);
  const cards = [
    ...shown.notices.filter((one) => one.day === day).map(noticeCard),
    ...shown.visits.filter((one) => one.day === day).map(visitCard),
  ];
  box.append(...(cards.length ? cards : [make("p", "没有安排", "none")]));
  box.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("over"); });
  box.addEventListener("dragleave", () => box.classList.remove("over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("over");
    move(Number(event.dataTransfer.getData("text/plain")), day);
  });
  return box;
}

async function show(day, keep = false) {
  const person = byId("person").value;
  try {
    shown = await ask(`/api/calendar?person=${encodeURIComponent(person)}&day=${encodeURIComponent(day)}`);
    if (!keep) complain("");
  } catch (error) {
    complain(error.message);
    return;
  }
  byId("area").textContent = shown.area;
  byId("week").replaceChildren(...shown.days.map(column));
}

async function begin() {
  const world = await ask("/api/state");
  const staff = world.people.filter((one) => ["leader", "street", "district", "worker"].includes(one.role));
  const rank = { leader: 0, street: 1, district: 2, worker: 3 };
  staff.sort((one, other) => rank[one.role] - rank[other.role]);
  byId("person").append(...staff.map((one) => new Option(one.name, one.id)));
  byId("person").addEventListener("change", () => show(shown ? shown.first : ""));
  byId("before").addEventListener("click", () => shown && show(shift(shown.first, -7)));
  byId("after").addEventListener("click", () => shown && show(shift(shown.first, 7)));
  byId("now").addEventListener("click", () => show(""));
  await show("");
}

begin().catch((error) => complain(error.message));
