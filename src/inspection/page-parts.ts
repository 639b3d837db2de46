/** The style of the inspection page and the few lines of script that draw its heat maps. Both are constants: no data goes into them. */

/** Colours are variables, so that curves and heat maps follow the theme. */
export const pageStyle = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1c1e21; --faint: #d9dce1; --positive: 190, 60, 20; --negative: 30, 90, 200; }
@media (prefers-color-scheme: dark) { :root { --ground: #16181c; --ink: #e6e8eb; --faint: #3a3f47; --positive: 255, 140, 80; --negative: 110, 170, 255; } }
body { background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; max-width: 860px; margin: 2rem auto; padding: 0 1rem; }
h2, h3 { overflow-wrap: anywhere; } h3 { margin-top: 2rem; font-family: ui-monospace, monospace; }
figure { margin: 1rem 0; } figcaption { font-size: 13px; opacity: 0.75; }
svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: var(--ink); }
.grid { stroke: var(--faint); } .cut { stroke: #d33; stroke-dasharray: 4 3; } .padding { fill: var(--faint); opacity: 0.6; }
.curve polyline { fill: none; stroke: currentColor; stroke-width: 1.8; } .curve circle { fill: currentColor; }
.dashed polyline { stroke-dasharray: 5 4; } .legend { margin: 0; font-size: 13px; } .legend span { margin-right: 1.2em; }
.c0 { color: #2f7ed8; } .c1 { color: #e0662f; } .c2 { color: #2ca05a; } .c3 { color: #b04fc4; } .c4 { color: #c9a200; } .c5 { color: #19a3a3; }
.vanishing, .exploding { border-left: 4px solid #d33; padding-left: 0.8em; } .healthy { border-left: 4px solid #2ca05a; padding-left: 0.8em; }
.maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(380px, 1fr)); gap: 0 1.5rem; }
canvas { width: 100%; height: 160px; image-rendering: pixelated; border: 1px solid var(--faint); box-sizing: border-box; }
output { display: block; min-height: 1.5em; font-size: 12px; opacity: 0.75; }
`;

/** Draws every canvas from its data: a column a step, a row a unit, negative and positive numbers in two colours, padding grey. */
export const heatMapScript = `
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).split(",").map(Number);
const maps = [...document.querySelectorAll("canvas")].map((canvas) => ({ canvas, map: JSON.parse(canvas.dataset.map) }));
const draw = () => {
  const [positive, negative] = [colour("--positive"), colour("--negative")];
  for (const { canvas, map: { steps, units, values, mask } } of maps) {
    const pixels = new ImageData(steps, units);
    values.forEach((value, i) => {
      const [t, u] = [Math.floor(i / units), i % units];
      const padding = mask && mask[t] === 0;
      const shade = padding ? [128, 128, 128] : value < 0 ? negative : positive;
      pixels.data.set([...shade, padding ? 60 : 2 * Math.abs(value)], 4 * (u * steps + t));
    });
    canvas.getContext("2d").putImageData(pixels, 0, 0);
  }
};
draw();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
for (const { canvas, map: { steps, units, values, labels } } of maps) {
  canvas.addEventListener("mousemove", ({ offsetX, offsetY }) => {
    const t = Math.min(steps - 1, Math.max(0, Math.floor((offsetX / canvas.clientWidth) * steps)));
    const u = Math.min(units - 1, Math.max(0, Math.floor((offsetY / canvas.clientHeight) * units)));
    canvas.nextElementSibling.textContent = labels[t] + ", unit " + (u + 1) + ": " + (values[t * units + u] / 127).toFixed(2);
  });
}
`;
