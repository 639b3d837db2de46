/** `npm run build`: dist/, as the package ships it. The compiler checks types and writes declarations, a file for each source; code is bundled. */
import { bundle, manifest } from "./bundle.mjs";
import { runNode, tools } from "./setup.mjs";

const built = [...Object.values(manifest.exports).map((door) => door.default), "./dist/cli/main.js"];
const entryPoints = built.map((file) => file.replace(/^\.\/dist\//, "src/").replace(/\.js$/, ".ts"));
const namespaces = ["src/layers/public.ts"];

const [{ code }] = await Promise.all([
  runNode([tools.tsc, "-p", "tsconfig.build.json"]),
  bundle({ entryPoints, namespaces, outbase: "src", outdir: "dist" }),
]);
process.exitCode = code;
