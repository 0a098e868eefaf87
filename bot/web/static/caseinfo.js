// What a case's fields mean in words, and which case a card speaks of.

import { spanText } from "./dom.js";
import { now, person, store } from "./store.js";

export const STATUS = {
  open: "待受理", assigned: "待接单", accepted: "处理中", finished: "待评价", closed: "已结案",
  rejected: "不予受理", withdrawn: "已撤回", merged: "已并案",
};
export const LEVEL = { grid: "网格", community: "社区", street: "街道", district: "区" };
export const SATISFACTION = {
  satisfied: "满意", basically_satisfied: "基本满意", dissatisfied: "不满意", no_answer: "未评价",
};
const ENDED = new Set(["closed", "rejected", "withdrawn", "merged"]);
const TIMED = new Set(["open", "assigned", "accepted"]);

/** Whether a field has a value; "-" stands for none. */
export const has = (value) => value !== undefined && value !== null && value !== "" && value !== "-";
export const ended = (row) => ENDED.has(row.status);

/** Where it is, as a neighbour would write it. */
export function placeOf(row) {
  const place = has(row.place) ? row.place : "";
  let text = has(row.building_name) ? row.building_name : "";
  if (!text && has(row.building)) text = row.building + (/^\d+$/.test(row.building) ? "号楼" : "座");
  if (has(row.unit)) text += `${row.unit}单元`;
  if (has(row.room)) text += row.room;
  else if (has(row.floor)) text += `${row.floor}楼`;
  if (place.includes(text)) return place || "位置待核实";
  return place ? `${text} ${place}` : text;
}

export const whatOf = (row) => (has(row.summary) ? row.summary : row.category_name || "未写明");
export const assigneeOf = (row) => (has(row.assignee) ? person(row.assignee) : null);

/** The time left in words, and whether it is late or short; null when no clock runs. */
export function timeLeft(row) {
  if (!TIMED.has(row.status) || !has(row.due_iso)) return null;
  const left = Date.parse(row.due_iso) - now();
  if (Number.isNaN(left)) return null;
  const state = left < 0 ? "late" : left < 3600e3 ? "soon" : "fine";
  return { state, text: left < 0 ? `超时 ${spanText(left)}` : `剩 ${spanText(left)}` };
}

/** Status as a coloured label. */
export const statusText = (row) => STATUS[row.status] ?? row.status;

/** Whether a deadline was missed and somebody still has to act. */
export const overdue = (row) => row.overdue === "true" && TIMED.has(row.status);

const patterns = new Map();
const held = new Set();

/** A button just pressed takes no second press until the answer had time to arrive. */
export const hold = (line, key) => held.add(`${line.n} ${key}`);
export const release = (line, key) => held.delete(`${line.n} ${key}`);

function mentions(text, number) {
  let pattern = patterns.get(number);
  if (!pattern) {
    const literal = number.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    pattern = new RegExp(`(^|[^0-9A-Za-z])${literal}($|[^0-9A-Za-z])`);
    patterns.set(number, pattern);
  }
  return pattern.test(text);
}

/** The case a card speaks of: its number stands in the card's words or in its task id. */
export function caseOf(line) {
  const { card } = line;
  const words = [card.title, ...card.fields.flat(), card.body, line.text].join("\n");
  return store.cases.find((row) => mentions(words, row.number))
    ?? store.cases.find((row) => mentions(card.task, row.number)) ?? null;
}

/** Whether a button of a card could still do something. */
export function usable(line, key, row, chatLines) {
  if (held.has(`${line.n} ${key}`) || replaced(line, key, row, chatLines)) return false;
  if (row?.can !== undefined) {
    const can = row.can.split(" ");
    return can.includes(key) || can.includes(key.split(/[:.|]/)[0]);
  }
  return !(row && ended(row)) && !line.pressed[key];
}

/** A newer card of the same task, or one of the same case with the same button, takes its place. */
function replaced(line, key, row, chatLines) {
  return chatLines.some((other) => {
    if (other.n <= line.n || !other.card) return false;
    if (other.card.task === line.card.task) return true;
    const same = other.card.buttons.some((button) => button.key === key);
    return same && row !== null && caseOf(other) === row;
  });
}
