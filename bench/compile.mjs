/** Bundles what is measured as the package is bundled, into .cache/bench: so it runs, and starts, as users run it. */
import { bundle } from "../scripts/bundle.mjs";

const sources = (names) => names.map((name) => `bench/${name}.ts`);

await bundle({
  entryPoints: sources(["peers/tavali", "peers/sgemm", "browser/bench-worker"]),
  outbase: "bench",
  outdir: ".cache/bench/built",
});
// What other processes share with ours, by itself: it is copied beside the JavaScript peers.
await bundle({
  entryPoints: sources(["line-protocol", "read-workload"]),
  outbase: "bench",
  outdir: ".cache/bench/protocol",
});
