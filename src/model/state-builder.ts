import { type Recorder, type Region, withRecording } from './access-recording.ts';
import type { Cell } from './cell.ts';
import type { CellSpec } from './declare.ts';
import { PrecopyError } from './errors.ts';
import type { Layout } from './state-layout.ts';

/**
 * The region of a cell. `control` cells are precopy's own: the locations of actors, their mailboxes and store buffers.
 */
export type AnyRegion = Region | 'control';

/**
 * A placed cell. Actions and guards access `observed`, which reports accesses if there is a recorder; precopy itself
 * accesses `plain`. What code of a design gets is a facet of one of them.
 */
export interface PlacedCell<C extends Cell = Cell> {
  readonly region: AnyRegion;
  readonly plain: C;
  readonly observed: C;
}

/** Places declared cells in one state vector. */
export class StateBuilder {
  readonly cells: PlacedCell[] = [];
  private readonly pending: ((state: Int32Array) => PlacedCell)[] = [];

  /** @param actors names of the actors */
  constructor(
    private readonly actors: readonly string[],
    private readonly record: Recorder | undefined,
    private readonly layout: Layout,
  ) {}

  /** Places a cell. The returned function returns it; call it after `build`. */
  place<C extends Cell>(name: string, region: AnyRegion, spec: CellSpec<C>): () => PlacedCell<C> {
    const create = naming(name, () => spec.place(this.layout, this.actors.length));
    const count = this.pending.push((state) => {
      const plain = create(state, name, this.actors);
      return { region, plain, observed: this.observe(plain, region) };
    });
    return () => this.cells[count - 1] as PlacedCell<C>;
  }

  /** Returns a cell as actions and guards see it. */
  observe<C extends Cell>(cell: C, region: AnyRegion): C {
    return this.record && region !== 'control' ? withRecording(cell, region, this.record) : cell;
  }

  /** Creates all cells, in a new state vector. */
  build(): Int32Array {
    const state = this.layout.seal();
    for (const create of this.pending) this.cells.push(create(state));
    return state;
  }
}

/** Adds the name of a cell to a mistake in its declaration. */
function naming<T>(name: string, place: () => T): T {
  try {
    return place();
  } catch (error) {
    if (!(error instanceof PrecopyError) || error.code !== 'BAD_DESIGN') throw error;
    throw new PrecopyError('BAD_DESIGN', `${name}: ${error.message}`, error.remedy);
  }
}
