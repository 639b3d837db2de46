/** Spelling suggestions for names of options. */

/** Other names for options: Keras's, PyTorch's and older ones, without case and underscores. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  batch: ["batchSize"],
  bias: ["useBias"],
  bidirectionalmode: ["mergeMode"],
  bordermode: ["padding"],
  dilation: ["dilationRate"],
  dropoutrate: ["dropout"],
  dropoutu: ["recurrentDropout"],
  dropoutw: ["dropout"],
  earlystoppingpatience: ["patience"],
  eps: ["epsilon"],
  gradientclip: ["globalClipnorm", "clipnorm"],
  hiddensize: ["units"],
  init: ["kernelInitializer", "embeddingsInitializer"],
  innerinit: ["recurrentInitializer"],
  inneractivation: ["recurrentActivation"],
  jobs: ["threads"],
  kernelsize: ["poolSize"],
  lr: ["learningRate", "initialLearningRate"],
  maxgradnorm: ["globalClipnorm"],
  maxiterations: ["epochs"],
  maxlength: ["maxlen"],
  maxnorm: ["globalClipnorm"],
  maxtokens: ["numWords", "size"],
  nbepoch: ["epochs"],
  nbwords: ["numWords"],
  numepochs: ["epochs"],
  numthreads: ["threads"],
  oov: ["oovToken"],
  opt: ["optimizer"],
  paddingmode: ["padding"],
  poollength: ["poolSize"],
  rate: ["learningRate", "dropout"],
  stride: ["strides"],
  subsample: ["strides"],
  temp: ["temperature"],
  truncation: ["truncating"],
  vocabsize: ["size", "numWords", "limit"],
  wd: ["weightDecay"],
  workers: ["threads"],
};

const plain = (name: string) => name.replace(/[^a-z0-9]/gi, "").toLowerCase();

/**
 * The known name nearest to a given one: equal without case and underscores, an alias from another library, a name with the same
 * beginning, or a name with a few different letters. Undefined if no name is near.
 *
 * @example nearestOption("return_sequences", ["returnState", "returnSequences"]) // "returnSequences"
 */
export function nearestOption(given: string, known: readonly string[]): string | undefined {
  const wanted = plain(given);
  const same = known.find((name) => plain(name) === wanted);
  if (same !== undefined) return same;
  const alias = Object.hasOwn(aliases, wanted) ? aliases[wanted]!.find((name) => known.includes(name)) : undefined;
  if (alias !== undefined || wanted.length > 100) return alias;
  const alike = known.filter((name) => wanted.length >= 4 && plain(name).startsWith(wanted));
  if (alike.length === 1) return alike[0];
  const ranked = known
    .map((name) => ({ name, distance: editDistance(wanted, plain(name)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, Math.floor(wanted.length / 4)) ? best.name : undefined;
}

/** Letters to insert, remove, replace or swap with their neighbour (Damerau & Levenshtein, each place at most once). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + Number(a[i - 1] !== b[j - 1]);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replaced, swapped ? rows[i - 2]![j - 2]! + 1 : Infinity),
      );
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
