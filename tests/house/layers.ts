/**
 * Which room of src/ may import which: the architecture as data. A room is a folder of src/, or a file directly in it.
 * A room may always import itself. A new room is added here first, with the rooms it stands on.
 */
export type Layers = Readonly<Record<string, readonly string[] | "anything">>;

const ground = ["tensor", "schema", "options", "errors", "host"];
const language = ["equations", ...ground];

export const layers: Layers = {
  errors: [],
  host: [],
  display: [],
  options: ["errors"],
  schema: ["options", "errors"],
  tensor: ["options", "errors"],
  equations: ground,
  compiler: language,
  engines: ["compiler", ...language],

  cells: language,
  activations: language,
  initializers: language,
  lattices: language,
  regularizers: language,
  losses: ["lattices", ...language],
  metrics: ["losses", "lattices", ...language],
  optimizers: language,

  layers: ["cells", "activations", "initializers", "regularizers", "lattices", ...language],
  training: ["display", "compiler", "engines", "optimizers", "losses", "metrics", ...language],
  execution: ["compiler", "engines", "layers", "losses", "metrics", "optimizers", "training", ...language],
  models: [
    "execution",
    "compiler",
    "engines",
    "layers",
    "losses",
    "metrics",
    "optimizers",
    "initializers",
    "training",
    "display",
    ...language,
  ],
  generation: ["models", "layers", "training", ...ground],
  inspection: ["models", "compiler", "engines", "display", ...language],

  text: ground,
  series: ground,
  audio: ground,
  datasets: ["text", ...ground],

  formats: ["models", "layers", "optimizers", "training", ...ground],
  recipes: [
    "formats",
    "training",
    "generation",
    "inspection",
    "models",
    "layers",
    "text",
    "series",
    "audio",
    "datasets",
    "losses",
    "optimizers",
    "metrics",
    ...ground,
  ],
  cli: "anything",
  index: "anything",
  "signature-types": "anything",
};

/** Packages that run in Node alone: only src/cli/ may import them. */
export const nodePackages: readonly string[] = ["commander", "koffi"];
