/** TypeScript as users run it, over programs that use the installed package: its declarations are checked, too. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const imports = (doors) => doors.map((door, i) => `import * as door${i} from "${door}";`).join("\n");
const uses = (doors) => doors.map((_, i) => `console.log(Object.keys(door${i}));`).join("\n");
const usage = `
import { dense, lstm, sequential } from "tavali";
import { modelToBytes } from "tavali/formats";
const model = sequential([lstm(4), dense(1)]);
model.compile({ optimizer: "adam", loss: "meanSquaredError" });
const { history } = await model.fit([[[1], [2]]], [[1]], { epochs: 1, verbose: 0 });
const losses: ArrayLike<number> = history.loss!;
const bytes: Uint8Array = await modelToBytes(model);
console.log(losses, bytes);
`;
const strict = {
  noEmit: true,
  strict: true,
  skipLibCheck: false,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2022,
};

/** How users resolve packages. What has no DOM and no types of Node must compile, too. */
const settings = {
  bundler: {
    ...{ module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
    ...{ lib: ["lib.es2023.d.ts", "lib.dom.d.ts"], types: [] },
  },
  nodenext: { module: ts.ModuleKind.NodeNext, lib: ["lib.es2023.d.ts", "lib.dom.d.ts"], types: [] },
};

/** What the compiler complains of in a program that imports `doors`, for each way to resolve them. */
export function typeErrors(folder, doors) {
  const file = path.join(folder, "types.mts");
  writeFileSync(file, `${imports(doors)}\n${uses(doors)}\n${usage}`);
  return Object.entries(settings).flatMap(([name, options]) => {
    const program = ts.createProgram([file], { ...strict, ...options });
    return ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ messageText, file: at }) =>
          `${name}: ${at?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
      );
  });
}
