/**
 * Registries: one way from names and configs to activations, initializers, losses, metrics, optimizers, … Case and underscores of a name do
 * not matter: "HardSigmoid", "hard_sigmoid" and "hardSigmoid" are one name. An option that is null counts as not given.
 */
import { ConfigError } from "./errors.js";
import { formatValue, plainName, unknownName, withoutUsual } from "./options/index.js";

/** Everything of one kind that has a name. */
export interface Registry<Entry = unknown> {
  /** The noun of messages: "loss". */
  readonly kind: string;
  readonly entries: Readonly<Record<string, Entry>>;
  /** Other names in small letters without underscores: { mse: "meanSquaredError" }. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** The option of `loadModel` that takes custom ones: "losses". */
  readonly custom?: string;
}

/** A registry of functions, each from options to a thing of the kind. */
export interface MakerRegistry<Thing> extends Registry<(options: never) => Thing> {
  /** Methods that tell a thing from a config: each thing has one of them. */
  readonly methods: readonly string[];
  /** A name, for messages. */
  readonly example: string;
  /** The beginning of messages about what is neither a name, a config nor a thing. */
  readonly owner?: string;
  /** A call that makes a custom one from a function, for messages. */
  readonly define?: string;
  /** Options for which null is a value. */
  readonly nullable?: readonly string[];
}

/** The entry's own name; undefined if the registry has none of that name. */
export function nameIn({ entries, aliases = {} }: Registry, given: string): string | undefined {
  const plain = plainName(given);
  if (Object.hasOwn(aliases, plain)) return aliases[plain];
  return Object.keys(entries).find((name) => plainName(name) === plain);
}

/**
 * The entry of that name.
 *
 * @param custom custom entries; their names are taken letter by letter
 * @throws ConfigError for an unknown name, with a list of the known ones
 */
export function entryOf<Entry>(
  registry: Registry<Entry>,
  given: string,
  custom: Readonly<Record<string, Entry>> = {},
): Entry {
  const name = nameIn(registry, given);
  if (name !== undefined) return registry.entries[name]!;
  if (Object.hasOwn(custom, given)) return custom[given]!;
  const { kind, entries, aliases = {}, custom: option } = registry;
  const known = unknownName(kind, given, [...Object.keys(entries), ...Object.keys(aliases)]);
  const loading = option && `loadModel(path, { ${option}: { ${JSON.stringify(given)}: … } })`;
  throw new ConfigError(
    `${known}${loading ? `; give a custom one itself, or when you load the model: ${loading}` : ""}.`,
  );
}

/** Checks that a custom name is not built in, which a file would give instead. @throws ConfigError if it is */
export function checkCustomName(registry: Registry, owner: string, name: string): void {
  if (nameIn(registry, name) === undefined) return;
  const { kind } = registry;
  throw new ConfigError(`${owner}: "${name}" is the name of a built-in ${kind}; give yours another name.`);
}

/** Whether a value is a thing of the kind, as a function of the registry makes it. */
export function isMade({ methods }: MakerRegistry<unknown>, given: unknown): boolean {
  if (typeof given !== "object" || given === null || Symbol.iterator in given) return false;
  return methods.some((method) => typeof (given as Readonly<Record<string, unknown>>)[method] === "function");
}

/**
 * The thing that a name, a config `{ type, ...options }` or a thing itself stands for.
 *
 * @throws ConfigError for an unknown name, with a list of the known ones, and for anything else
 */
export function resolveFrom<Thing>(registry: MakerRegistry<Thing>, given: unknown): Thing {
  if (isMade(registry, given)) return given as Thing;
  const { type, options } = readConfig(registry, given);
  return entryOf(registry, type)(statedOptions(registry, type, options) as never);
}

/** The type and the options of a name or a config. @throws ConfigError for what is neither */
export function readConfig(
  registry: MakerRegistry<unknown>,
  given: unknown,
): { readonly type: string; readonly options: Readonly<Record<string, unknown>> } {
  const { type, ...options } = (typeof given === "string" ? { type: given } : (given ?? {})) as { type?: unknown };
  if (typeof type === "string" && typeof given !== "function") return { type, options };
  const { owner } = registry;
  throw new ConfigError(`${owner ? `${owner}: ` : ""}${wrongKind(registry, given)}`);
}

/** Options without those that have no effect: null, and what Keras writes into every config. */
export function statedOptions(
  registry: MakerRegistry<unknown>,
  type: string,
  options: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { nullable = [] } = registry;
  const stated = Object.entries(options).filter(([name, value]) => value !== null || nullable.includes(name));
  return withoutUsual(nameIn(registry, type) ?? type, Object.fromEntries(stated));
}

function wrongKind({ kind, entries, example, define }: MakerRegistry<unknown>, given: unknown): string {
  const article = /^[aeiou]/.test(kind) ? "an" : "a";
  if (typeof given !== "function") {
    return `${article} ${kind} is a name such as "${example}", a config such as { type: "${example}" }, or what a function such as ${example}() returns; received ${formatValue(given)}.`;
  }
  const known = Object.keys(entries).find((name) => entries[name] === given);
  if (known !== undefined) return `${known} is a function that makes the ${kind}; call it: ${known}().`;
  if (define === undefined) {
    return `the ${kind} is a function; give a name such as "${example}", or what a function such as ${example}() returns.`;
  }
  return `the ${kind} is a function. Make ${article} ${kind} of it: const mine = ${define}, with operations of tavali/equations; then give mine(). If it was made in this way, call it.`;
}
