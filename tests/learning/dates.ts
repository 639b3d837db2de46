/** Dates as people write them, drawn by a seed, and as ISO 8601 writes them. */
import type { Random } from "../../src/index.js";

const months = "January February March April May June July August September October November December".split(" ");
const weekdays = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

interface Day {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

const two = (value: number) => String(value).padStart(2, "0");
const monthName = ({ month }: Day) => months[month - 1]!;
const short = (date: Day) => monthName(date).slice(0, 3);
const weekday = ({ year, month, day }: Day) => weekdays[new Date(Date.UTC(year, month - 1, day)).getUTCDay()]!;

function ordinal({ day }: Day): string {
  const suffix = day % 100 > 10 && day % 100 < 14 ? "th" : (["th", "st", "nd", "rd"][day % 10] ?? "th");
  return `${day}${suffix}`;
}

/** The ways of writing: with dots the day comes first, with slashes the month. */
const formats: readonly ((date: Day) => string)[] = [
  (date) => `${ordinal(date)} of ${monthName(date)} ${date.year}`,
  (date) => `the ${ordinal(date)} of ${monthName(date)}, ${date.year}`,
  (date) => `${monthName(date)} ${date.day}, ${date.year}`,
  (date) => `${monthName(date)} the ${ordinal(date)}, ${date.year}`,
  (date) => `${short(date)} ${ordinal(date)} ${date.year}`,
  (date) => `${date.day} ${monthName(date)} ${date.year}`,
  (date) => `${two(date.day)} ${short(date).toUpperCase()} ${date.year}`,
  (date) => `${date.year} ${short(date)} ${date.day}`,
  (date) => `${weekday(date)}, ${date.day} ${monthName(date)} ${date.year}`,
  (date) => `${weekday(date).slice(0, 3)} ${short(date)} ${two(date.day)} ${date.year}`,
  (date) => `${date.day}.${date.month}.${date.year}`,
  (date) => `${two(date.day)}.${two(date.month)}.${date.year}`,
  (date) => `${date.month}/${date.day}/${date.year}`,
  (date) => `${two(date.month)}/${two(date.day)}/${date.year}`,
];

/** A date of 1900 … 2099 in one of the formats, and in ISO 8601. */
export function drawDate(random: Random): { readonly text: string; readonly iso: string } {
  const time = Date.UTC(1900, 0, 1 + random.integer(73_049));
  const at = new Date(time);
  const date = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
  return {
    text: formats[random.integer(formats.length)]!(date),
    iso: `${date.year}-${two(date.month)}-${two(date.day)}`,
  };
}
