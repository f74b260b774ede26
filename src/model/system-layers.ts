import { PrecopyError } from './errors.ts';
import type { SymmetrySpec } from './symmetry-spec.ts';
import type { SystemSpec } from './system-spec.ts';
import type { Regions, SystemTypes } from './system-types.ts';

/** What one definition adds to a system. The first layer of a system declares all parts. */
export interface Layer extends Partial<Omit<SystemSpec<SystemTypes>, 'symmetry'>> {
  readonly name: string;
  readonly symmetry?: Partial<SymmetrySpec>;
}

/**
 * Returns all layers as one system.
 * @throws PrecopyError `BAD_DESIGN` if two layers declare one name
 */
export function mergeLayers(layers: readonly [Layer, ...Layer[]]): SystemSpec<SystemTypes> {
  return {
    name: layers.map(({ name }) => name).join(' + '),
    params: mergeNamed('param', layers, ({ params }) => params),
    messages: mergeNamed('message', layers, ({ messages }) => messages),
    actors: mergeNamed('role', layers, ({ actors }) => actors),
    memory: (params) => mergeNamed('memory region', layers, ({ memory }): Regions | undefined => memory?.(params)),
    tags: Object.keys(mergeNamed('tag', layers, ({ tags = [] }) => Object.fromEntries(tags.map((tag) => [tag, tag])))),
    ...mergeSymmetry(layers),
  };
}

function mergeNamed<V>(
  what: string,
  layers: readonly Layer[],
  partOf: (layer: Layer) => Readonly<Record<string, V>> | undefined,
): Record<string, V> {
  const merged: Record<string, V> = {};
  const owners = new Map<string, Layer>();
  for (const layer of layers) {
    for (const [name, value] of Object.entries(partOf(layer) ?? {})) {
      const owner = owners.get(name);
      if (owner !== undefined) {
        const cause = `'${owner.name}' and '${layer.name}' both declare the ${what} '${name}'`;
        throw new PrecopyError('BAD_DESIGN', cause, `rename it in '${layer.name}'`);
      }
      owners.set(name, layer);
      merged[name] = value;
    }
  }
  return merged;
}

/** Symmetry is that of the first layer, with more cells and payloads. */
function mergeSymmetry([base, ...added]: readonly [Layer, ...Layer[]]): { readonly symmetry?: SymmetrySpec } {
  const { symmetry } = base as { readonly symmetry?: SymmetrySpec };
  const all = added.flatMap((layer) => (layer.symmetry === undefined ? [] : [{ ...layer, symmetry: layer.symmetry }]));
  if (symmetry === undefined) {
    const [first] = all;
    if (first === undefined) return {};
    const cause = `'${first.name}' declares symmetry, and '${base.name}' has no interchangeable actors`;
    throw new PrecopyError('BAD_DESIGN', cause, `remove it from '${first.name}', or declare it in '${base.name}'`);
  }
  const listOf = (key: 'perProcess' | 'processSets' | 'payloads'): string[] => [
    ...symmetry[key],
    ...all.flatMap((layer) => layer.symmetry[key] ?? []),
  ];
  return {
    symmetry: {
      ...symmetry,
      perProcess: listOf('perProcess'),
      processSets: listOf('processSets'),
      payloads: listOf('payloads'),
      processIds: Object.assign({}, symmetry.processIds, ...all.map((layer) => layer.symmetry.processIds ?? {})),
    },
  };
}
