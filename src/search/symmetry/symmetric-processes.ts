import type { Program } from '../../compile/program.ts';
import { Counter } from '../../model/counter.ts';
import type { Instance } from '../../model/instance.ts';
import { refuseAnswer } from '../../model/model-code.ts';
import { Queue } from '../../model/queue.ts';
import type { SymmetrySpec } from '../../model/symmetry-spec.ts';

/** A cell of an actor that holds actor ids. In some states of the actor its value is meaningless. */
export interface ProcessIdCell {
  readonly cell: Counter | Queue;
  /** the state of the actor's machine */
  readonly location: Counter;
  /** by location: whether the value is meaningful */
  readonly isUsedAt: readonly boolean[];
}

/**
 * The interchangeable processes of a system: the actors of one role, numbered in their order. Knows which cells, bits
 * and ids belong to which process.
 */
export class SymmetricProcesses {
  readonly instance: Instance;
  /** by process: id of its actor */
  readonly actorOf: readonly number[];
  /** by process: its kind, numbered from 0; processes of equal kind are interchangeable */
  readonly kinds: readonly number[];
  readonly idCells: readonly ProcessIdCell[];

  constructor(
    { instance, params }: Pick<Program, 'instance' | 'params'>,
    readonly spec: SymmetrySpec,
  ) {
    this.instance = instance;
    this.actorOf = instance.actors.filter(({ role }) => role === spec.role).map(({ id }) => id);
    const kinds = this.actorOf.map((_, nth) => spec.kindOf?.(params, nth) ?? 0);
    const distinct = [...new Set(kinds)];
    this.kinds = kinds.map((kind) => distinct.indexOf(kind));
    this.idCells = instance.cells.flatMap(({ plain }): ProcessIdCell[] => {
      const isUsed = spec.processIds[plain.name];
      const owner = instance.actors.find(({ name }) => name === plain.name.split('.')[0]);
      if (isUsed === undefined || owner === undefined) return [];
      if (!(plain instanceof Counter || plain instanceof Queue)) return [];
      return [
        {
          cell: plain,
          location: owner.location,
          isUsedAt: owner.leaves.map((leaf) => checkedUse(plain.name, isUsed(leaf))),
        },
      ];
    });
  }

  /** Returns the process of an actor, or -1. */
  processOf(actor: number): number {
    return this.actorOf.indexOf(actor);
  }

  /**
   * Returns the process that a cell belongs to, or -1, and the name that the cells of all processes share. Inverse of
   * `cellOf`.
   */
  ownerOf(cell: string): { process: number; name: string } {
    const [, list = '', nth = ''] = /^(.*)\[(\d+)\]$/.exec(cell) ?? [];
    // A list may continue with cells of other actors.
    if (this.spec.perProcess.includes(list) && Number(nth) < this.actorOf.length)
      return { process: Number(nth), name: list };
    const [actor = '', ...rest] = cell.split('.');
    const process = this.processOf(this.instance.actors.findIndex(({ name }) => name === actor));
    return process < 0 ? { process, name: cell } : { process, name: ['', ...rest].join('.') };
  }

  /** Returns the cell of a process that has a shared name. */
  cellOf(name: string, process: number): string {
    if (process < 0) return name;
    if (this.spec.perProcess.includes(name)) return `${name}[${process}]`;
    return `${this.instance.actors[this.actorOf[process]]?.name}${name}`;
  }

  /** Returns what the bits of a bitmap are indexed by, if by processes or by actor ids. */
  bitIndexOf(bitmap: string): 'process' | 'actor' | undefined {
    if (this.spec.perProcess.includes(bitmap)) return 'process';
    return this.spec.processSets.includes(bitmap) || bitmap.includes('.mailbox.') ? 'actor' : undefined;
  }
}

/** @throws PrecopyError `BAD_DESIGN` if an answer of `processIds` is neither true nor false */
function checkedUse(cell: string, answer: unknown): boolean {
  return answer === true || (answer !== false && refuseAnswer(answer, `processIds of ${cell} in the symmetry`));
}
