/** Curves over time as SVG, on a linear or logarithmic scale. Colours are the page's. */
import { largest, smallest } from "../tensor/extremes.js";
import { escapeHtml } from "./escape-html.js";

/** One line of the plot. */
export interface Curve {
  readonly name: string;
  /** One per step; values that are not finite, and 0 on a logarithmic scale, are left out. */
  readonly values: readonly number[];
  readonly dashed?: boolean;
}

interface PlotOptions {
  /** Labels of the steps. */
  readonly labels: readonly string[];
  readonly logarithmic?: boolean;
  /** 1 at valid steps; padding is shaded. */
  readonly mask?: readonly number[];
  /** Steps before which a line is drawn. */
  readonly cuts?: readonly number[];
}

const [width, height, left, bottom] = [760, 220, 62, 60];
/** Powers of ten that a logarithmic scale shows below the largest value. */
const decades = 12;
const mostLabels = 60;

/** The plot as an `<svg>`. */
export function curvePlot(
  curves: readonly Curve[],
  { labels, logarithmic = false, mask, cuts = [] }: PlotOptions,
): string {
  const scale = scaleOf(curves, logarithmic);
  const steps = labels.length;
  const x = (t: number) => left + ((t + 0.5) / steps) * (width - left);
  const edge = (t: number) => left + (t / steps) * (width - left);
  const lines = curves.map(({ name, values, dashed }, i) => {
    const points = runs(values.map((value) => scale.place(value))).map(
      (run) => `<polyline points="${run.map(([t, y]) => `${x(t).toFixed(1)},${y.toFixed(1)}`).join(" ")}"/>`,
    );
    const dots = values.map((value, t) => {
      const y = scale.place(value);
      const title = escapeHtml(`${name}, ${labels[t]}: ${value.toPrecision(4)}`);
      return y === undefined
        ? ""
        : `<circle cx="${x(t).toFixed(1)}" cy="${y.toFixed(1)}" r="2.5"><title>${title}</title></circle>`;
    });
    return `<g class="curve c${i % 6}${dashed ? " dashed" : ""}">${points.join("")}${dots.join("")}</g>`;
  });
  const every = Math.ceil(steps / mostLabels);
  return [
    `<svg viewBox="0 0 ${width} ${height + bottom}" role="img">`,
    ...scale.ticks.map(
      ([text, y]) =>
        `<line class="grid" x1="${left}" x2="${width}" y1="${y}" y2="${y}"/><text x="${left - 6}" y="${y + 4}" text-anchor="end">${text}</text>`,
    ),
    ...(mask ?? []).map((bit, t) =>
      bit === 1
        ? ""
        : `<rect class="padding" x="${edge(t)}" y="0" width="${(width - left) / steps}" height="${height}"/>`,
    ),
    ...cuts.map((t) => `<line class="cut" x1="${edge(t)}" x2="${edge(t)}" y1="0" y2="${height}"/>`),
    ...lines,
    ...labels.map((label, t) =>
      t % every === 0
        ? `<text transform="translate(${x(t).toFixed(1)} ${height + 12}) rotate(40)">${escapeHtml(label)}</text>`
        : "",
    ),
    "</svg>",
    `<p class="legend">${curves.map(({ name, dashed }, i) => `<span class="c${i % 6}">${dashed ? "┄" : "━"} ${escapeHtml(name)}</span>`).join(" ")}</p>`,
  ].join("");
}

interface Scale {
  /** The height of a value in the drawing; undefined for a value that cannot be drawn. */
  place(value: number): number | undefined;
  readonly ticks: readonly (readonly [text: string, y: number])[];
}

function scaleOf(curves: readonly Curve[], logarithmic: boolean): Scale {
  const map = logarithmic ? Math.log10 : (value: number) => value;
  const values = curves.flatMap((curve) => curve.values.map(map)).filter(Number.isFinite);
  const top = values.length > 0 ? largest(values) : 1;
  const least = values.length > 0 ? smallest(values) : 0;
  const high = logarithmic ? Math.ceil(top) : top;
  const low = logarithmic ? Math.max(Math.floor(least), high - decades) : Math.min(0, least);
  const range = high - low || 1;
  const y = (value: number) => height - ((value - low) / range) * (height - 16);
  const count = logarithmic ? Math.min(6, range) : 4;
  return {
    place: (value) => (Number.isFinite(map(value)) && map(value) >= low ? y(map(value)) : undefined),
    ticks: Array.from({ length: count + 1 }, (_, i) => {
      const at = logarithmic ? Math.round(low + (range * i) / count) : low + (range * i) / count;
      return [logarithmic ? `1e${at}` : String(Number(at.toPrecision(3))), y(at)] as const;
    }),
  };
}

/** Neighbouring points, apart where one is missing. */
function runs(heights: readonly (number | undefined)[]): [number, number][][] {
  const found: [number, number][][] = [[]];
  heights.forEach((y, t) => {
    if (y !== undefined) found.at(-1)!.push([t, y]);
    else if (found.at(-1)!.length > 0) found.push([]);
  });
  return found.filter((run) => run.length > 0);
}
