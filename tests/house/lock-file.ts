/** Whether `npm ci` will accept package-lock.json: it refuses a lock that leaves out any package, even an optional one. */

interface Entry {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

export interface Lock {
  packages: Record<string, Entry>;
}

/** Where Node would look for a package seen from a place in the tree, nearest first. */
function candidates(from: string, name: string): string[] {
  const parts = from.split("/");
  const places = parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
  return [...places.map((place) => `${place}/node_modules/${name}`), `node_modules/${name}`];
}

/** Dependencies that the lock file names but does not hold. */
export function lockGaps(lock: Lock): string[] {
  return Object.entries(lock.packages).flatMap(([place, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.devDependencies, ...entry.optionalDependencies })
      .filter((name) => !candidates(place, name).some((candidate) => candidate in lock.packages))
      .map((name) => `package-lock.json lacks ${name}, which ${place || "package.json"} needs: npm ci will refuse it`),
  );
}
