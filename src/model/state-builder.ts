import { type Recorder, type Region, withRecording } from './access-recording.ts';
import type { Cell, CellSpec } from './cells.ts';
import type { Layout } from './state-layout.ts';

/** `control` is what precopy itself keeps: the states that actors are in, and their mailboxes. */
export type AnyRegion = Region | 'control';

/** A cell in its place: as it is, and as actions and guards see it, which is recorded where someone records. */
export interface PlacedCell<C extends Cell = Cell> {
  readonly region: AnyRegion;
  readonly plain: C;
  readonly observed: C;
}

/** Gives declared cells their places in one state. What `place` returns tells where the cell is once `seal` was called. */
export class StateBuilder {
  readonly cells: PlacedCell[] = [];
  private readonly pending: ((words: Int32Array) => PlacedCell)[] = [];

  /** @param actors their names */
  constructor(
    private readonly actors: readonly string[],
    private readonly record: Recorder | undefined,
    private readonly layout: Layout,
  ) {}

  place<C extends Cell>(name: string, region: AnyRegion, spec: CellSpec<C>): () => PlacedCell<C> {
    const make = spec.place(this.layout);
    const at = this.pending.push((words) => {
      const plain = make(words, name, this.actors);
      return { region, plain, observed: this.see(plain, region) };
    });
    return () => this.cells[at - 1] as PlacedCell<C>;
  }

  /** A cell as actions and guards see it. */
  see<C extends Cell>(cell: C, region: AnyRegion): C {
    return this.record && region !== 'control' ? withRecording(cell, region, this.record) : cell;
  }

  /** Makes all cells, in one new state. */
  build(): Int32Array {
    const words = this.layout.seal();
    for (const make of this.pending) this.cells.push(make(words));
    return words;
  }
}
