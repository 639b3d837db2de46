/**
 * Node only: finds the system's BLAS and binds it with koffi, an optional dependency. Nothing here is needed for right results; where
 * either is missing, the engine multiplies with its own kernels. TAVALI_BLAS=off turns it off, TAVALI_BLAS=/path/to/library chooses one.
 */
import { environmentVariable, nodeModule } from "../../host/host.js";
import { type Blas, blasFunction, blasLayout } from "./blas.js";

interface Candidate {
  readonly name: string;
  readonly libraries: readonly string[];
  /** The function that sets the number of threads: ours are the threads that count. */
  readonly threads?: string;
}

const candidates: readonly Candidate[] = [
  { name: "Intel MKL", libraries: ["libmkl_rt.so.2", "libmkl_rt.so", "mkl_rt.2.dll"], threads: "MKL_Set_Num_Threads" },
  {
    name: "OpenBLAS",
    libraries: [
      "libopenblas.so.0",
      "libopenblas.so",
      "libopenblas.dll",
      "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
    ],
    threads: "openblas_set_num_threads",
  },
  { name: "Apple Accelerate", libraries: ["/System/Library/Frameworks/Accelerate.framework/Accelerate"] },
];

type Koffi = typeof import("koffi").default;

/**
 * Node's `require` for what is installed next to this file; where a bundler has left it no address, for what is installed in the folder that
 * the program was started in. No bundler for browsers sees that koffi is wanted.
 */
function requireHere(): NodeJS.Require {
  const { createRequire } = nodeModule("node:module");
  try {
    return createRequire(import.meta.url);
  } catch {
    return createRequire(`${process.cwd()}/`);
  }
}

/** The system's BLAS, or the reason why there is none. */
export async function findBlas(): Promise<Blas | { readonly missing: string }> {
  const choice = environmentVariable("TAVALI_BLAS");
  if (choice === "off") return { missing: "turned off by TAVALI_BLAS=off" };
  let koffi: Koffi;
  try {
    koffi = requireHere()("koffi");
  } catch (error) {
    return { missing: whyWithoutKoffi(error) };
  }
  const wanted = choice ? [{ name: choice, libraries: [choice], threads: undefined }] : candidates;
  for (const { name, libraries, threads } of wanted) {
    for (const library of libraries) {
      const bound = bind(koffi, name, library, threads);
      if (bound) return { ...bound, smallProducts: !packsEverything(koffi, library) };
    }
  }
  return {
    missing: choice
      ? `TAVALI_BLAS names ${choice}, which cannot be loaded`
      : "no OpenBLAS, MKL or Accelerate was found",
  };
}

function whyWithoutKoffi(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === "MODULE_NOT_FOUND") return "the optional package koffi is not installed (npm install koffi)";
  return `the optional package koffi cannot be loaded: ${(message ?? String(error)).split("\n", 1)[0]}`;
}

/** OpenBLAS multiplies small matrices without packing them where it has kernels for AVX-512 only. */
function packsEverything(koffi: Koffi, library: string): boolean {
  try {
    const core = koffi.load(library).func("const char *openblas_get_corename()")() as string;
    return !["SkylakeX", "Cooperlake", "SapphireRapids"].includes(core);
  } catch {
    return false; // another library
  }
}

/** Worker threads run the text of this function, so it mentions nothing but its arguments. */
function bind(koffi: Koffi, name: string, library: string, threads: string | undefined): Blas | undefined {
  const rowMajor = 101;
  try {
    const loaded = koffi.load(library);
    const gemm = loaded.func(
      "void cblas_sgemm(int, int, int, int, int, int, float, void *, int, void *, int, float, void *, int)",
    );
    const gemv = loaded.func(
      "void cblas_sgemv(int, int, int, int, float, void *, int, void *, int, float, void *, int)",
    );
    if (threads) loaded.func(`void ${threads}(int)`)(1);
    return {
      name,
      library,
      smallProducts: true,
      forThread: () => blasForThread(library),
      addressOf: (memory) => Number(koffi.address(new Uint8Array(memory))),
      sgemm: (transA, transB, m, n, k, a, lda, b, ldb, beta, c, ldc) =>
        gemm(rowMajor, transA, transB, m, n, k, 1, a, lda, b, ldb, beta, c, ldc),
      sgemv: (trans, rows, columns, a, lda, x, incX, beta, y, incY) =>
        gemv(rowMajor, trans, rows, columns, 1, a, lda, x, incX, beta, y, incY),
    };
  } catch {
    return undefined; // not on this machine, or without the C interface
  }
}

/** The BLAS for a worker thread: what it is to load, and the text of a function that binds it to a memory. */
function blasForThread(library: string): { koffi: string; library: string; code: string } {
  const code = `async ({ koffi, library }, memory) => {
    const blas = (${bind})(require(koffi), "", library, undefined);
    let words = new Int32Array(memory.buffer);
    const integers = () => (words.buffer === memory.buffer ? words : (words = new Int32Array(memory.buffer)));
    return (${blasFunction})(blas, integers, ${JSON.stringify(blasLayout.at)});
  }`;
  return { koffi: requireHere().resolve("koffi"), library, code };
}
