import { bitsOf } from '../../cache/access-sets.ts';
import type { Program } from '../../compile/program.ts';
import { Bitmap } from '../../model/bitmap.ts';
import type { Cell } from '../../model/cell.ts';
import { ChoiceIds } from '../../model/choices.ts';
import { PrecopyError } from '../../model/errors.ts';
import { eventName } from '../../model/events.ts';
import type { BitField } from '../../model/state-layout.ts';
import { readField } from '../storage/zobrist-hash.ts';
import type { ProcessIdFields, StateFields } from './state-fields.ts';
import type { SymmetricProcesses } from './symmetric-processes.ts';

/** The action of a permutation of processes on actors, choices, fields and states: a bijection of each. */
export class Permutation {
  /** by choice: its image */
  readonly choices: Int32Array;
  /** by actor: its image */
  readonly actors: readonly number[];
  /** by field: its image */
  readonly targets: readonly BitField[];
  /**
   * bits that move together, four numbers each: source word, target word, distance to the left, mask in the source word
   */
  private readonly moves: Int32Array;
  private readonly idFields: readonly ProcessIdFields[];

  /** @param images by process: its image */
  constructor(
    private readonly program: Pick<Program, 'instance' | 'events'>,
    private readonly processes: SymmetricProcesses,
    fields: StateFields,
    readonly images: readonly number[],
  ) {
    const { instance } = program;
    this.actors = instance.actors.map(({ id }) => {
      const process = processes.processOf(id);
      return process < 0 ? id : processes.actorOf[images[process]];
    });
    this.targets = this.targetsOf(fields);
    this.moves = this.movesOf(fields);
    this.idFields = fields.idFields;
    this.choices = this.choicesOf();
  }

  /** Writes the image of a state. */
  apply(state: Int32Array, into: Int32Array): void {
    this.applyToMask(state, into);
    for (const { count, ids, location, isUsedAt } of this.idFields) {
      if (!isUsedAt[readField(location, into)]) continue;
      const used = count ? readField(count, into) : 1;
      for (let n = 0; n < used; n++) this.permuteId(ids[n], into);
    }
  }

  /**
   * Writes the image of a set of bits, which has to consist of whole fields. Moves fields only, and ids keep their
   * values.
   */
  applyToMask(bits: Int32Array, into: Int32Array): void {
    const { moves } = this;
    into.fill(0);
    for (let n = 0; n < moves.length; n += 4) {
      const moved = bits[moves[n]] & moves[n + 3];
      const target = moves[n + 1];
      const distance = moves[n + 2];
      into[target] = into[target] | (distance < 0 ? moved >>> -distance : moved << distance);
    }
  }

  /** Returns the image of a payload of an event whose payload is called `field`. Payloads beyond the processes stay. */
  payloadOf(field: string | undefined, payload: number): number {
    const isProcess = field !== undefined && this.processes.spec.payloads.includes(field);
    return isProcess ? (this.images[payload] ?? payload) : payload;
  }

  private permuteId(field: BitField, state: Int32Array): void {
    const value = readField(field, state);
    const id = this.actors[value] ?? value;
    state[field.at] = (state[field.at] & ~bitsOf(field)) | ((id << field.shift) & bitsOf(field));
  }

  private targetsOf(fields: StateFields): readonly BitField[] {
    const { processes, images } = this;
    const { cells } = this.program.instance;
    const names = cells.map(({ plain }) => plain.name);
    return cells.flatMap(({ plain }, cell) => {
      const { process, name } = processes.ownerOf(plain.name);
      const image = names.indexOf(processes.cellOf(name, images[process] ?? -1));
      const sources = fields.ofCell(cell);
      const targets = fields.ofCell(image);
      const bitImages = this.bitImagesOf(plain);
      return sources.map(({ width }, nth) => {
        const target = targets[bitImages?.[nth] ?? nth];
        if (target?.width !== width || targets.length !== sources.length) throw this.noImage(plain.name);
        return target;
      });
    });
  }

  private noImage(what: string): PrecopyError {
    const images = this.images.join(' ');
    return new PrecopyError(
      'NOT_SOUND',
      `symmetry is not sound for ${this.program.instance.design.id}: ${what} has no image of its size when the actors are permuted (${images})`,
      'correct the declaration of the symmetry, or search without it',
    );
  }

  /**
   * Returns the images of the bits of a bitmap that is indexed by processes or actors. Bits beyond the last of these
   * stay.
   */
  private bitImagesOf(cell: Cell): readonly number[] | undefined {
    const index = cell instanceof Bitmap ? this.processes.bitIndexOf(cell.name) : undefined;
    return index && (index === 'process' ? this.images : this.actors);
  }

  private movesOf(fields: StateFields): Int32Array {
    /** by source word, target word and distance */
    const masks = new Map<string, number>();
    for (const [n, source] of fields.all.entries()) {
      const target = this.targets[n];
      const key = `${source.at} ${target.at} ${target.shift - source.shift}`;
      masks.set(key, (masks.get(key) ?? 0) | bitsOf(source));
    }
    return Int32Array.from([...masks].flatMap(([key, mask]) => [...key.split(' ').map(Number), mask]));
  }

  private choicesOf(): Int32Array {
    const { events } = this.program;
    const ids = new ChoiceIds(events);
    return Int32Array.from({ length: ids.count }, (_, choice) => {
      const { event: id, payload } = ids.choiceOf(choice);
      const event = events[id];
      const image = events.find(
        ({ actor, type, from }) =>
          actor === this.actors[event.actor] &&
          type === event.type &&
          from === (event.from === undefined ? undefined : this.actors[event.from]),
      );
      const imagePayload = this.payloadOf(event.field, payload);
      if (image?.domain !== event.domain || imagePayload >= event.domain)
        throw this.noImage(eventName(this.program.instance, event, payload));
      return ids.firstOf(image.id) + imagePayload;
    });
  }
}

/** Returns the number of permutations of processes that map each process to one of equal kind. It may be infinite. */
export function countPermutations(kinds: readonly number[]): number {
  const ofKind = new Map<number, number>();
  let count = 1;
  for (const kind of kinds) {
    const sameKind = (ofKind.get(kind) ?? 0) + 1;
    ofKind.set(kind, sameKind);
    count *= sameKind;
  }
  return count;
}

/** Enumerates the permutations of processes that map each process to one of equal kind, the identity first. */
export function enumeratePermutations(kinds: readonly number[]): number[][] {
  const extend = (images: readonly number[]): number[][] => {
    const nth = images.length;
    if (nth === kinds.length) return [[...images]];
    return kinds.flatMap((kind, image) =>
      kind === kinds[nth] && !images.includes(image) ? extend([...images, image]) : [],
    );
  };
  return extend([]);
}
