/** `npm run api`: writes docs/api/, the public API as text, from the declarations. Commit it with what changed it. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { apiReports } from "./api-report.mjs";
import { manifest } from "./bundle.mjs";
import { root, runNode, stop, tools } from "./setup.mjs";

const { code } = await runNode([tools.tsc, "-p", "tsconfig.build.json"]);
if (code !== 0) stop("The declarations could not be written: correct the errors above.", code);
const { reports, forgotten } = apiReports(manifest);
if (forgotten.length > 0) {
  stop(
    `Signatures use types that no entry point exports: export them (src/signature-types.ts).\n${forgotten.join("\n")}`,
  );
}
const folder = path.join(root, "docs", "api");
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!(name in reports)) rmSync(path.join(folder, name));
for (const [name, text] of Object.entries(reports)) writeFileSync(path.join(folder, name), text);
