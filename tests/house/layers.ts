/**
 * Which room of src/ may import which: the architecture as data. A room is a folder of src/, or a file directly in it.
 * A room may always import itself. A new room is added here with its first file; the table holds no room without files, and no
 * permission that nobody uses.
 */
export type Layers = Readonly<Record<string, readonly string[] | "anything">>;

/** What every room may stand on. All other permissions must be used. */
export const ground = ["tensor", "schema", "options", "errors", "host"];
const language = ["equations", ...ground];

export const layers: Layers = {
  errors: [],
  host: [],
  display: ["tensor"],
  options: ["errors"],
  schema: ["options", "errors"],
  registry: ["options", "errors"],
  tensor: ["options", "errors"],
  equations: ground,
  compiler: language,
  engines: ["compiler", ...ground],

  cells: ["registry", ...language],
  activations: ["registry", ...language],
  initializers: ["registry", ...ground],
  structured: language,
  regularizers: ["registry", ...language],
  losses: ["registry", "structured", ...language],
  metrics: ["losses", "registry", "structured", ...language],
  optimizers: ["registry", ...language],

  layers: ["cells", "activations", "initializers", "regularizers", "registry", "structured", ...language],
  data: ground,
  training: ["display", "metrics", ...ground],
  execution: ["compiler", "engines", "layers", "losses", "metrics", "optimizers", "training", ...language],
  models: [
    "execution",
    "data",
    "compiler",
    "engines",
    "layers",
    "losses",
    "metrics",
    "optimizers",
    "initializers",
    "registry",
    "training",
    "display",
    ...language,
  ],
  generation: ["models", "layers", "training", ...ground],
  inspection: ["models", "compiler", "engines", "display", ...language],

  text: ground,
  datasets: ["data", "text", ...ground],

  formats: ["models", "training", ...ground],
  recipes: [
    "display",
    "training",
    "generation",
    "inspection",
    "models",
    "layers",
    "text",
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
