/** `npm start`: from a fresh clone to the running app. Installs, builds, then hands over to `tavali start`. */
import { build, checkNode, ensureDependencies, runNode } from "./setup.mjs";

checkNode();
await ensureDependencies();
await build();
const { code } = await runNode(["bin/tavali.mjs", "start", ...process.argv.slice(2)]);
process.exitCode = code;
