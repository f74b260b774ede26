import type { LiveSystem } from '../../src/live/live-system.ts';
import type { Bitmap } from '../../src/model/bitmap.ts';
import type { TraceMove, TraceStep } from '../../src/model/trace.ts';
import type { Operation } from './linearizable.ts';

/** Returns the bits that a trace prints, bit 0 first, as a number. */
const bitsOf = (shown: string): number => [...shown].reduce((sum, digit, bit) => sum | (Number(digit) << bit), 0);

/** Returns the first access of a move to a cell with this operation. */
function access(move: TraceMove, cell: RegExp, operation: string) {
  const found = move.accesses.find((one) => cell.test(one.cell) && one.operation === operation);
  if (!found) throw new Error(`no ${operation} of ${cell} in ${JSON.stringify(move)}`);
  return found;
}

const dirtyBitmap = /^kvm\.dirtyBitmap\[\d]$/;
const bitmapNumber = (cell: string): number => Number(/\d+/.exec(cell)?.[0]);

/**
 * Returns the histories of both dirty bitmaps in a run: marks of the vCPUs and snapshots of GET_DIRTY_LOG. One atomic
 * operation is called and returns in its step. A load and a store are a call that returns with the store. Each history
 * ends with a snapshot of the bitmap.
 */
export function bitmapHistories({ instance }: LiveSystem, steps: readonly TraceStep[]): Operation[][] {
  const { pages = 0, bitsPerWord = 1 } = instance.params;
  const histories: Operation[][] = [[], []];
  if (instance.params['initiallySet'] === 1) {
    for (let bit = 0; bit < pages; bit++) histories[0]?.push({ call: { kind: 'set', bit }, invoked: -2, returned: -1 });
  }
  /** by actor: when it loaded the word that it clears in part, and the value */
  const loaded = new Map<number, { invoked: number; bits: number }>();
  const open = new Map<number, Pick<Operation, 'call' | 'invoked' | 'result'> & { bitmap: number }>();
  const finish = (actor: number, time: number): void => {
    const { bitmap, ...operation } = open.get(actor) as NonNullable<ReturnType<typeof open.get>>;
    open.delete(actor);
    histories[bitmap]?.push({ ...operation, returned: 2 * time + 1 });
  };
  const everything = { kind: 'snapshot', first: 0, count: pages } as const;

  for (const [time, move] of steps.flatMap(({ moves }, time) => moves.map((move) => [time, move] as const))) {
    const { actor, actions } = move;
    const invoked = 2 * time;
    const name = instance.actors[actor]?.name;
    const page = (): number => Number(access(move, new RegExp(`^${name}\\.gfn$`), 'get').before);
    const word = (): { first: number; count: number } => {
      const first = bitsPerWord * Number(access(move, /\.word$/, 'get').before);
      return { first, count: Math.min(bitsPerWord, pages - first) };
    };
    const mark = (operation: string): void => {
      const { cell } = access(move, dirtyBitmap, operation);
      open.set(actor, { bitmap: bitmapNumber(cell), call: { kind: 'set', bit: page() }, invoked });
    };
    const take = (operation: string): void => {
      const { cell, before } = access(move, dirtyBitmap, operation);
      const { first, count } = word();
      const result = bitsOf(before) & ((2 ** count - 1) << first);
      open.set(actor, { bitmap: bitmapNumber(cell), call: { kind: 'snapshot', first, count }, invoked, result });
    };
    /** Records the bits of a word that user space clears: one snapshot per bit, all at the same time. */
    const clear = (found: { invoked: number; bits: number }): void => {
      const { first, count } = word();
      const mask = bitsOf(access(move, /^qemu\.userBitmap$/, 'loadWord').before);
      for (let bit = first; bit < first + count; bit++) {
        if (((mask >> bit) & 1) === 0) continue;
        const call = { kind: 'snapshot', first: bit, count: 1 } as const;
        histories[0]?.push({ call, invoked: found.invoked, returned: 2 * time + 1, result: found.bits & (1 << bit) });
      }
    };
    for (const action of actions) {
      switch (action) {
        case 'testAndMarkPageDirty':
          mark('testAndSet');
          finish(actor, time);
          break;
        case 'markHarvested':
          mark('set');
          finish(actor, time);
          break;
        case 'markPageOfPml': {
          const { before, after } = access(move, /^cpu\.pml/, 'clear');
          const bit = Math.log2(bitsOf(before) & ~bitsOf(after));
          histories[0]?.push({ call: { kind: 'set', bit }, invoked, returned: invoked + 1 });
          break;
        }
        case 'clearWord':
          clear({ invoked, bits: bitsOf(access(move, dirtyBitmap, 'fetchAndNotWord').before) });
          break;
        case 'loadWordToClear':
          loaded.set(actor, { invoked, bits: bitsOf(access(move, dirtyBitmap, 'loadWord').before) });
          break;
        case 'storeClearedWord':
          clear(loaded.get(actor) ?? { invoked, bits: 0 });
          break;
        case 'markPageDirty':
          mark('set');
          finish(actor, time);
          break;
        case 'loadDirtyWord':
          mark('loadWord');
          break;
        case 'storeDirtyWord':
          finish(actor, time);
          break;
        case 'xchgDirtyWord':
          take('xchgWord');
          finish(actor, time);
          break;
        case 'loadMask':
          take('loadWord');
          break;
        case 'storeZeroWord':
          finish(actor, time);
          break;
        case 'zeroNewBitmap': {
          const bitmap = bitmapNumber(access(move, dirtyBitmap, 'fill').cell);
          open.set(actor, { bitmap, call: everything, invoked, result: 0 });
          finish(actor, time);
          break;
        }
        case 'copyOldToUser': {
          const bitmap = Number(access(move, /\.slots$/, 'get').before);
          const result = bitsOf(access(move, /^qemu\.userBitmap$/, 'copyFrom').after);
          open.set(actor, { bitmap, call: everything, invoked, result });
          break;
        }
        case 'freeOldBitmap': {
          // with its slot, where no log has copied it: whatever is in it is taken
          const { cell, before } = access(move, dirtyBitmap, 'fill');
          if (!open.has(actor)) {
            open.set(actor, { bitmap: bitmapNumber(cell), call: everything, invoked, result: bitsOf(before) });
          }
          finish(actor, time);
          break;
        }
      }
    }
  }
  for (const { bitmap, call, invoked } of open.values()) histories[bitmap]?.push({ call, invoked });
  const { dirtyBitmap: bitmaps } = (instance.view as { kvm: { dirtyBitmap: (n: number) => Bitmap } }).kvm;
  return histories.map((history, n) => [
    ...history,
    { call: everything, invoked: 2 * steps.length, returned: 2 * steps.length + 1, result: bitsOf(bitmaps(n).show()) },
  ]);
}
