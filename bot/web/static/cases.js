// The list of cases and the drawer with one case's history.

import { $, avatar, clockText, el, keyed, setText } from "./dom.js";
import { LEVEL, SATISFACTION, assigneeOf, ended, has, overdue, placeOf, statusText, timeLeft, whatOf } from "./caseinfo.js";
import { attempt, on, person, request, store } from "./store.js";

let filter = "active";
let opened = ""; // the number of the case in the drawer
let asked = 0;

const ORDER = { open: 0, assigned: 0, accepted: 0, finished: 1 };
const KEEP = { active: (row) => !ended(row), ended, all: () => true };

/** Running ones first, the most urgent deadline on top; then the newest. */
function sorted(rows) {
  const due = (row) => (has(row.due_iso) ? Date.parse(row.due_iso) : Infinity);
  return [...rows].sort((a, b) => {
    const rank = (ORDER[a.status] ?? 2) - (ORDER[b.status] ?? 2);
    if (rank) return rank;
    if ((ORDER[a.status] ?? 2) === 0 && due(a) !== due(b)) return due(a) - due(b);
    return String(b.opened).localeCompare(String(a.opened));
  });
}

function drawList() {
  const rows = sorted(store.cases.filter(KEEP[filter]));
  keyed($("case-list"), rows, (row) => row.number, makeCase, updateCase);
  for (const button of $("filters").children) {
    const name = button.dataset.filter;
    const count = store.cases.filter(KEEP[name]).length;
    const label = { active: "进行中", ended: "已了结", all: "全部" }[name];
    setText(button, count ? `${label} ${count}` : label);
    button.setAttribute("aria-pressed", String(name === filter));
  }
  const late = store.cases.some((row) => overdue(row) || timeLeft(row)?.state === "late");
  document.querySelector('#tabs [data-tab="cases"] .dot').hidden = !late;
  const empty = $("case-empty");
  empty.hidden = rows.length > 0;
  if (empty.hidden) return;
  const none = store.cases.length === 0;
  empty.replaceChildren(
    el("strong", { text: none ? "还没有案件" : "这里没有案件" }),
    el("span", { text: none ? "居民在群里说一件事，这里就会多一条。" : "换一个筛选看看。" }));
}

function makeCase(row) {
  const button = el("button", { type: "button", class: "case", on: { click: () => openCase(row.number) } },
    el("span", { class: "case-top" }, el("span", { class: "case-number" }), el("span", { class: "label urgent", text: "紧急", hidden: true }), el("span", { class: "label overdue", text: "已超时", hidden: true }), el("span", { class: "label status" })),
    el("span", { class: "case-what" }),
    el("span", { class: "case-place" }),
    el("span", { class: "case-foot" }, el("span", { class: "level" }), el("span", { class: "case-who" }), el("span", { class: "case-left" })));
  return el("li", {}, button);
}

function updateCase(node, row) {
  const part = (name) => node.querySelector(name);
  setText(part(".case-number"), row.number);
  part(".urgent").hidden = row.urgent !== "true";
  part(".overdue").hidden = !overdue(row);
  node.firstElementChild.classList.toggle("late", overdue(row));
  const label = part(".label.status, .label[data-status]");
  label.className = `label status-${row.status}`;
  label.dataset.status = row.status;
  setText(label, statusText(row));
  setText(part(".case-what"), whatOf(row));
  setText(part(".case-place"), [placeOf(row), row.category_name].filter(has).join(" · "));
  setText(part(".level"), LEVEL[row.level] ?? row.level);
  part(".level").className = `level level-${row.level}`;
  const who = assigneeOf(row);
  setText(part(".case-who"), who ? who.name : "未派人");
  updateLeft(part(".case-left"), row);
}

function updateLeft(node, row) {
  const left = timeLeft(row);
  setText(node, left ? left.text : "");
  node.className = `case-left ${left ? left.state : ""}`;
}

/** Only the times go on by themselves. */
function tick() {
  for (const node of $("case-list").children) {
    const row = store.cases.find((one) => one.number === node.dataset.key);
    if (row) updateLeft(node.querySelector(".case-left"), row);
  }
}

async function openCase(number) {
  opened = number;
  $("drawer-body").replaceChildren(el("p", { class: "loading", text: "正在打开…" }));
  drawHead();
  if (!$("drawer").open) $("drawer").showModal();
  await drawHistory();
}

function drawHead() {
  setText($("drawer-title"), `案件 ${opened}`);
}

async function drawHistory() {
  const turn = (asked += 1);
  const number = opened;
  const answer = await attempt(request(`/api/cases/${encodeURIComponent(number)}/timeline`));
  if (turn !== asked || number !== opened) return;
  const row = store.cases.find((one) => one.number === number);
  const parts = row ? [summary(row)] : [];
  if (answer) parts.push(el("h3", { text: "经过" }), el("ol", { class: "history" }, ...answer.timeline.map(step)));
  $("drawer-body").replaceChildren(...parts);
}

function summary(row) {
  const left = timeLeft(row);
  const who = assigneeOf(row);
  const due = has(row.due_iso) ? clockText(Date.parse(row.due_iso), false).join(" ") : "";
  const facts = [
    ["位置", placeOf(row)],
    ["类别", row.category_name],
    ["层级", LEVEL[row.level] ?? row.level],
    ["处理人", who ? who.name : "未派人"],
    ["时限", [due, left?.text].filter(has).join("，")],
    ["反映人数", Number(row.reporters) > 1 ? `${row.reporters} 人` : ""],
    ["照片", Number(row.photos) > 0 ? `${row.photos} 张` : ""],
    ["超时升级", Number(row.escalations) > 0 ? `${row.escalations} 次` : ""],
    ["重新办理", Number(row.reopened) > 0 ? `${row.reopened} 次` : ""],
    ["评价", SATISFACTION[row.satisfaction] ?? ""],
  ].filter(([, value]) => has(value));
  const list = el("dl", { class: "facts" });
  for (const [name, value] of facts) list.append(el("dt", { text: name }), el("dd", { text: value, class: name === "时限" && left?.state === "late" ? "late" : "" }));
  return el("section", { class: "drawer-summary" },
    el("p", { class: "drawer-what", text: whatOf(row) }),
    el("p", { class: "drawer-labels" }, row.urgent === "true" && el("span", { class: "label urgent", text: "紧急" }), overdue(row) && el("span", { class: "label overdue", text: "已超时" }), el("span", { class: `label status-${row.status}`, text: statusText(row) })),
    list);
}

function step(item) {
  const ms = Date.parse(item.at);
  const when = Number.isNaN(ms) ? item.at : clockText(ms, false).join(" ");
  const who = has(item.who) && !item.what.includes(item.who) ? person(item.who) : null;
  const known = who && store.people.has(who.id);
  return el("li", {},
    el("time", { text: when }),
    el("p", { class: "history-what", text: item.what }),
    who && el("p", { class: "history-who" }, known && avatar(who, true), el("span", { text: who.name })));
}

/** Wire the list and the drawer up. */
export function startCases() {
  on("cases", () => { drawList(); if ($("drawer").open) drawHistory(); });
  for (const name of ["reload", "clock"]) on(name, drawList);
  on("tick", tick);
  $("filters").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    filter = button.dataset.filter;
    drawList();
    $("case-list").scrollTop = 0;
  });
  const drawer = $("drawer");
  $("drawer-close").addEventListener("click", () => drawer.close());
  drawer.addEventListener("click", (event) => { if (event.target === drawer) drawer.close(); });
}
