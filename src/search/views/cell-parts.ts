import { Bitmap } from '../../model/bitmap.ts';
import { Bit, Counter } from '../../model/counter.ts';
import { Queue } from '../../model/queue.ts';
import type { BitField } from '../../model/state-layout.ts';
import type { ProcessIdFields } from '../symmetry/state-fields.ts';
import type { SizedProgram } from './sized-program.ts';

/** The slot of what belongs to no growing process: the *whole*. */
export const whole = -1;

/** A field that is copied to a view as it is. Parts of one name correspond, in all slots and at all sizes. */
interface Part {
  readonly name: string;
  /** the process that it belongs to, or `whole` */
  readonly slot: number;
  readonly field: BitField;
}

/** A cell that holds an actor id, or a queue of them. */
export interface IdPart {
  readonly name: string;
  readonly slot: number;
  readonly cell: Counter | Queue;
  /** the length of a queue */
  readonly count: BitField | undefined;
  readonly ids: readonly BitField[];
  /** where the ids have a meaning; undefined for a cell that is not declared: it holds no growing process at all */
  readonly use: Pick<ProcessIdFields, 'location' | 'isUsedAt'> | undefined;
}

/** Bits that must be clear, as views have no place for them, and why. */
export interface EmptyPart {
  readonly cell: string;
  readonly field: BitField;
  readonly reason: string;
}

/** The fields of a state, by what becomes of them in a view. */
export interface CellParts {
  readonly parts: readonly Part[];
  readonly ids: readonly IdPart[];
  readonly empty: readonly EmptyPart[];
  /** by name: what has to be the same in all slots and at all sizes, as a text */
  readonly shapes: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Sorts the fields of a state by the declaration of the symmetry. */
export function partsOf(sized: SizedProgram): CellParts {
  const { program, processes, fields } = sized;
  const { instance } = program;
  const parts: Part[] = [];
  const ids: IdPart[] = [];
  const empty: EmptyPart[] = [];
  const shapes = new Map<string, Set<string>>();
  const addShape = (name: string, shape: string): void => {
    shapes.set(name, (shapes.get(name) ?? new Set()).add(shape));
  };
  for (const [n, { plain }] of instance.cells.entries()) {
    const cell = plain instanceof Bit ? plain.counter : plain;
    const { process, name: shared } = processes.ownerOf(plain.name);
    const owner = sized.slotOf(process);
    const name = owner >= 0 ? `its ${shared}` : nameBeside(plain.name, sized);
    const its = fields.ofCell(n);
    const total = processes.actorOf.length;
    const added = (size: number): string => (size === 0 ? 'none' : String(size - total));
    if (cell instanceof Bitmap) {
      const declared = processes.bitIndexOf(plain.name);
      const isSet = declared !== undefined || cell.names !== undefined;
      addShape(name, `bitmap ${isSet ? '' : cell.bits} ${cell.bitsPerWord} ${cell.initial}`);
      for (const [bit, field] of its.entries()) {
        if (!isSet) {
          parts.push({ name: `${name} ${bit}`, slot: owner, field });
          continue;
        }
        const slot = declared === 'process' ? sized.slotOf(bit) : sized.slotOfActor(bit);
        if (slot < 0) parts.push({ name: `${name} ${nameOfBit(bit, declared, sized)}`, slot: owner, field });
        else if (declared === undefined)
          empty.push({ cell: plain.name, field, reason: 'is not declared in the symmetry' });
        else if (owner < 0 || owner === slot) parts.push({ name: `${name} has it`, slot, field });
        else empty.push({ cell: plain.name, field, reason: 'belongs to two of them' });
      }
      continue;
    }
    const declared = fields.idFields.find((one) => one.cell === plain.name);
    if (cell instanceof Queue) {
      const holdsActors = declared !== undefined || cell.names !== undefined;
      const size = (value: number): string => (holdsActors ? added(value) : String(value));
      addShape(name, `queue ${declared ? size(cell.capacity) : cell.capacity} ${size(cell.bound)}`);
      if (holdsActors && cell.capacity > 0) {
        ids.push({ name, slot: owner, cell, count: its[0], ids: its.slice(1), use: declared });
        continue;
      }
    } else if (cell instanceof Counter) {
      const holdsActors = declared !== undefined || cell.names !== undefined;
      const size = (value: number): string => (holdsActors ? added(value) : String(value));
      addShape(name, `number ${size(cell.max)} ${cell.names === undefined ? cell.initial : size(cell.initial)}`);
      if (holdsActors && cell.max > 0) {
        ids.push({ name, slot: owner, cell, count: undefined, ids: its, use: declared });
        continue;
      }
    }
    for (const [nth, field] of its.entries()) parts.push({ name: `${name} ${nth}`, slot: owner, field });
  }
  for (const { name, field } of parts) addShape(`${name}, its width`, String(field.width));
  return { parts, ids, empty, shapes };
}

/** Returns the name of a cell that no growing process has: one behind theirs in a list is counted from their end. */
function nameBeside(cell: string, { processes }: SizedProgram): string {
  const [, list = '', nth = ''] = /^(.*)\[(\d+)\]$/.exec(cell) ?? [];
  const behind = Number(nth) - processes.actorOf.length;
  return processes.spec.perProcess.includes(list) && behind >= 0 ? `${list}[+${behind}]` : cell;
}

function nameOfBit(bit: number, index: 'process' | 'actor' | undefined, { processes, program }: SizedProgram): string {
  const count = processes.actorOf.length;
  if (index === 'process') return bit < count ? `process ${bit}` : `+${bit - count}`;
  return program.actors[bit] ?? `+${bit - program.actors.length}`;
}
