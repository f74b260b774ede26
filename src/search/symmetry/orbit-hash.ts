import { Bitmap } from '../../model/bitmap.ts';
import type { Cell } from '../../model/cell.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { BitField } from '../../model/state-layout.ts';
import { drawSalts } from '../storage/salts.ts';
import { type AdditiveHash, addFeature, readField } from '../storage/zobrist-hash.ts';
import type { StateFields } from './state-fields.ts';
import type { SymmetricProcesses } from './symmetric-processes.ts';

/** Adds features of a state to its lanes, which begin at an offset of `into`. */
type HashTerm = (state: Int32Array, into: Int32Array, at: number) => void;

/**
 * A hash of the state that is invariant under the permutations of processes, so that no state has to be permuted to
 * find out whether its orbit was visited.
 *
 * Each process has a block: its registers, its cells of lists, its bits in sets, and every occurrence of its actor id.
 * The rest of the state is the remainder. Occurrences of a process count as features of its block that do not name it,
 * so the hash of a block does not depend on which process it is. Two states have equal remainders and equal multisets
 * of blocks if and only if a permutation maps one to the other. This assumes that no feature belongs to two processes.
 */
export class OrbitHash implements AdditiveHash {
  readonly blocks: number;
  /** fields that are hashed by value, with the block that they belong to, or -1 */
  private readonly values: { readonly field: BitField; readonly feature: number; readonly owner: number }[] = [];
  /** terms of fields that hold actor ids or stand for processes */
  private readonly terms: readonly HashTerm[];
  /** ids of features; equal in all workers, and when a search is resumed */
  private readonly features = new Map<string, number>();
  private readonly kind: number;
  private readonly salts: Int32Array;

  constructor(
    private readonly processes: SymmetricProcesses,
    private readonly fields: StateFields,
  ) {
    this.blocks = processes.actorOf.length;
    this.kind = this.feature('kind');
    this.terms = processes.instance.cells.flatMap(({ plain }, n) => this.termsOf(plain, fields.ofCell(n)));
    this.salts = drawSalts(this.features.size, orbitStream);
  }

  /** @throws PrecopyError `NOT_SOUND` if a feature belongs to two processes */
  accumulate(state: Int32Array, into: Int32Array, at: number): void {
    const { processes, blocks, values, terms, salts } = this;
    into.fill(0, at, at + 2 * (blocks + 1));
    for (let block = 0; block < blocks; block++)
      addFeature(salts, this.kind, processes.kinds[block], into, lanesOf(block, at));
    for (let n = 0; n < values.length; n++) {
      const { field, feature, owner } = values[n];
      addFeature(salts, feature, readField(field, state), into, lanesOf(owner, at));
    }
    for (let n = 0; n < terms.length; n++) terms[n](state, into, at);
  }

  /** @param parts what makes the feature different from all others */
  private feature(...parts: readonly (string | number)[]): number {
    const name = JSON.stringify(parts);
    const id = this.features.get(name) ?? this.features.size;
    this.features.set(name, id);
    return id;
  }

  private termsOf(cell: Cell, fields: readonly BitField[]): HashTerm[] {
    const { processes } = this;
    const { process: owner, name } = processes.ownerOf(cell.name);
    const bitIndex = cell instanceof Bitmap ? processes.bitIndexOf(cell.name) : undefined;
    if (bitIndex) return fields.map((field, bit) => this.termOfBit(cell, bitIndex, field, bit));
    const values = fields.map((_, nth) => this.feature(name, nth));
    const idFields = this.fields.idFields.find((candidate) => candidate.cell === cell.name);
    for (const [nth, field] of fields.entries()) {
      const isId = idFields?.ids.includes(field) ?? false;
      if (field.width > 0 && !isId) this.values.push({ field, feature: values[nth], owner });
    }
    if (!idFields) return [];
    const { count, location, isUsedAt } = idFields;
    const occurrences = fields.map((_, nth) => this.feature(name, nth, 'names'));
    return [
      (state, into, at) => {
        const isUsed = isUsedAt[readField(location, state)];
        const used = count ? readField(count, state) : 1;
        const first = count ? 1 : 0;
        for (let nth = first; nth < first + used; nth++) {
          const id = readField(fields[nth], state);
          const process = isUsed ? processes.processOf(id) : -1;
          if (process < 0) addFeature(this.salts, values[nth], id, into, lanesOf(owner, at));
          else this.addOccurrence(cell, owner, process, occurrences[nth], into, at);
        }
      },
    ];
  }

  private termOfBit(cell: Cell, bitIndex: 'process' | 'actor', field: BitField, bit: number): HashTerm {
    const { processes } = this;
    const { process: owner, name } = processes.ownerOf(cell.name);
    const process = bitIndex === 'actor' ? processes.processOf(bit) : bit < this.blocks ? bit : -1;
    const feature = process < 0 ? this.feature(name, 'has', bit) : this.feature(name, 'names');
    return (state, into, at) => {
      if (readField(field, state) === 0) return;
      if (process < 0) addFeature(this.salts, feature, 1, into, lanesOf(owner, at));
      else this.addOccurrence(cell, owner, process, feature, into, at);
    };
  }

  /** Adds an occurrence of a process to its block. */
  private addOccurrence(
    cell: Cell,
    owner: number,
    process: number,
    feature: number,
    into: Int32Array,
    at: number,
  ): void {
    if (owner >= 0 && owner !== process) throw crossReferenceError(this.processes.instance.design.id, cell.name);
    addFeature(this.salts, feature, 1, into, lanesOf(process, at));
  }
}

const orbitStream = 3;

/** Returns the offset of the two lanes of a block, or of the remainder if the block is -1. */
const lanesOf = (block: number, at: number): number => at + 2 * (block + 1);

function crossReferenceError(design: string, cell: string): PrecopyError {
  return new PrecopyError(
    'NOT_SOUND',
    `symmetry is not sound for ${design}: ${cell} belongs to two interchangeable actors`,
    'search without it',
  );
}
