import type { Program } from '../../compile/program.ts';
import { Counter } from '../../model/cells.ts';
import type { Instance } from '../../model/instance.ts';
import { Queue } from '../../model/queue.ts';
import type { SymmetrySpec } from '../../model/symmetry-spec.ts';

/** A cell that holds numbers of actors: they mean nothing in some states of its owner. */
export interface ProcessIdCell {
  readonly cell: Counter | Queue;
  /** says which state the owner is in */
  readonly location: Counter;
  /** by that state */
  readonly isUsedAt: readonly boolean[];
}

/** The places that actors of a role may change, and which cells, bits and numbers belong to whom. */
export class SymmetricProcesses {
  readonly instance: Instance;
  /** by place: the number of the actor, and its kind; actors of one kind change places */
  readonly processes: readonly number[];
  readonly kinds: readonly number[];
  readonly numbers: readonly ProcessIdCell[];

  constructor(
    { instance, params }: Pick<Program, 'instance' | 'params'>,
    readonly spec: SymmetrySpec,
  ) {
    this.instance = instance;
    this.processes = instance.actors.filter(({ role }) => role === spec.role).map(({ number }) => number);
    this.kinds = this.processes.map((_, nth) => spec.kindOf?.(params, nth) ?? 0);
    this.numbers = instance.cells.flatMap(({ plain }): ProcessIdCell[] => {
      const isUsed = spec.processIds[plain.name];
      const owner = instance.actors.find(({ name }) => name === plain.name.split('.')[0]);
      if (isUsed === undefined || owner === undefined) return [];
      if (!(plain instanceof Counter || plain instanceof Queue)) return [];
      return [{ cell: plain, location: owner.location, isUsedAt: owner.leaves.map(isUsed) }];
    });
  }

  /** The place that a cell belongs to, or -1, and what such cells have in common; `named` puts both together again. */
  ownerOf(cell: string): { place: number; name: string } {
    const [, list = '', nth = ''] = /^(.*)\[(\d+)\]$/.exec(cell) ?? [];
    // behind those of the places, a list may have cells of others
    if (this.spec.perProcess.includes(list) && Number(nth) < this.processes.length)
      return { place: Number(nth), name: list };
    const [actor = '', ...rest] = cell.split('.');
    const place = this.ofActor(this.instance.actors.findIndex(({ name }) => name === actor));
    return place < 0 ? { place, name: cell } : { place, name: ['', ...rest].join('.') };
  }

  /** The cell of a place, by what such cells have in common. */
  cellOf(name: string, place: number): string {
    if (place < 0) return name;
    if (this.spec.perProcess.includes(name)) return `${name}[${place}]`;
    return `${this.instance.actors[this.processes[place]]?.name}${name}`;
  }

  /** The place of an actor, or -1. */
  ofActor(number: number): number {
    return this.processes.indexOf(number);
  }

  /** What the bits of a bitmap stand for: places, actors, or neither. */
  bitsOf(bitmap: string): 'place' | 'actor' | undefined {
    if (this.spec.perProcess.includes(bitmap)) return 'place';
    return this.spec.processSets.includes(bitmap) || bitmap.includes('.mailbox.') ? 'actor' : undefined;
  }
}
