import type { Graph } from './graph.ts';
import type { Value } from './operation.ts';
import type { SymmetrySpecification } from './specification.ts';
import { keyOf, type State, type System } from './system.ts';

/** Returns all permutations of processes that keep kinds: by process, its image. */
export function permutationsOf(system: System, { role, kinds }: SymmetrySpecification): number[][] {
  const count = system.actors.filter((actor) => actor.role === role).length;
  const extend = (images: number[]): number[][] => {
    if (images.length === count) return [images];
    const free = Array.from({ length: count }, (_, n) => n).filter((n) => !images.includes(n));
    return free.filter((n) => kinds?.[n] === kinds?.[images.length]).flatMap((n) => extend([...images, n]));
  };
  return extend([]);
}

/** Returns the image of a state under a permutation of processes. */
function imageOf(system: System, symmetry: SymmetrySpecification, images: readonly number[], state: State): State {
  const first = system.actors.findIndex(({ role }) => role === symmetry.role);
  const isProcess = (id: number): boolean => id >= first && id < first + images.length;
  const actor = (id: number): number => (isProcess(id) ? first + (images[id - first] as number) : id);
  const nameOf = (id: number): string => system.actors[id]?.name as string;
  const at: string[] = [];
  for (const [id, leaf] of state.at.entries()) at[actor(id)] = leaf;
  const cells: Value[] = [];
  for (const [n, { name }] of system.cells.entries()) {
    const [, list = '', index = ''] = /^(.*)\[(\d+)\]$/.exec(name) ?? [];
    const owner = system.actors.findIndex((one) => name.startsWith(`${one.name}.`));
    let image = name;
    if (symmetry.perProcess.includes(list) && Number(index) < images.length)
      image = `${list}[${images[Number(index)]}]`;
    if (owner >= 0) image = name.replace(nameOf(owner), nameOf(actor(owner)));
    let value = state.cells[n] as Value;
    if (symmetry.perProcess.includes(name)) value = permuted(value, (bit) => images[bit] ?? bit);
    if (symmetry.processSets.includes(name)) value = permuted(value, actor);
    if (symmetry.processIds[name]?.includes(state.at[owner] as string)) {
      value = typeof value === 'number' ? actor(value) : value.map(actor);
    }
    cells[system.indexOf(image)] = value;
  }
  const mail = state.mail.map((letter) => {
    const [to, type, from] = letter.split(' ');
    return `${actor(Number(to))} ${type} ${actor(Number(from))}`;
  });
  return { at, cells, mail: mail.sort(), buffers: state.buffers };
}

function permuted(value: Value, image: (bit: number) => number): Value {
  const bits: number[] = [];
  for (const [bit, one] of (value as readonly number[]).entries()) bits[image(bit)] = one;
  return bits;
}

/** Returns the number of orbits of the states of a graph. */
export function countOrbits({ system, nodes }: Graph, symmetry: SymmetrySpecification): number {
  const permutations = permutationsOf(system, symmetry);
  const seen = new Set<string>();
  let orbits = 0;
  for (const { state } of nodes) {
    if (seen.has(keyOf(state))) continue;
    orbits++;
    for (const images of permutations) seen.add(keyOf(imageOf(system, symmetry, images, state)));
  }
  return orbits;
}
