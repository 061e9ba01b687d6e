import { allImports, resolveImport } from './imports.ts';
import type { Rule } from './project.ts';

/** No file imports itself by way of others. Each cycle is reported once, with the way round. */
export const noCycles: Rule = (project) => {
  const edges = new Map<string, Set<string>>();
  for (const found of allImports(project)) {
    const target = resolveImport(project, found);
    if (target === undefined) continue;
    const targets = edges.get(found.from.path) ?? new Set<string>();
    edges.set(found.from.path, targets.add(target));
  }
  return findCycles(edges).map((cycle) => ({
    file: cycle[0] ?? '',
    message: `import cycle: ${[...cycle, cycle[0]].join(' → ')}`,
  }));
};

function findCycles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const onTrail = new Set<string>();
  const follow = (file: string): void => {
    if (onTrail.has(file)) {
      cycles.push(trail.slice(trail.indexOf(file)));
      return;
    }
    if (done.has(file)) return;
    trail.push(file);
    onTrail.add(file);
    for (const target of edges.get(file) ?? []) follow(target);
    trail.pop();
    onTrail.delete(file);
    done.add(file);
  };
  for (const file of edges.keys()) follow(file);
  return cycles;
}
