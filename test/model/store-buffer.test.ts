import { describe, expect, it } from 'vitest';
import {
  asCall,
  asStore,
  bitmap,
  counter,
  defineDesign,
  defineSystem,
  ModelFault,
  owned,
  rendezvous,
  shared,
} from '../../src/index.ts';
import type { Access } from '../../src/model/access-recording.ts';
import { type Instance, instantiate } from '../../src/model/instance.ts';
import type { Queue } from '../../src/model/queue.ts';
import { StoreBuffer } from '../../src/model/store-buffer.ts';

const system = defineSystem({
  name: 'two processors',
  memory: () => ({
    m: shared({
      a: counter(9),
      b: counter(9),
      small: bitmap(4, { bitsPerWord: 2 }),
      large: bitmap(40, { bitsPerWord: 8 }),
    }),
    mine: owned({ small: bitmap(4), large: bitmap(40) }),
  }),
  messages: { LOCK: rendezvous(), UNLOCK: asStore(rendezvous()), CALL: asCall(rendezvous()) },
  actors: { one: 'one', other: 'one' },
});
const machine = system
  .actor({ events: {} })
  .setup({ actions: {} })
  .createMachine({ id: 'idle', initial: 'idle', states: { idle: {} } });
const design = defineDesign({
  id: 'processors',
  title: 'two processors',
  system,
  machines: { one: machine, other: machine },
  properties: [],
  memoryModel: 'tso',
});

type View = Parameters<Parameters<typeof system.properties.always>[1]>[0];
type Context = View & {
  send(type: 'LOCK' | 'UNLOCK' | 'CALL', to: number): void;
  barrier(): void;
};

/** What the two processors see, and memory as it is; `sent` are the messages that have left. */
function processors(sizes = {}): {
  one: Context;
  other: Context;
  memory: View;
  drain: () => void;
  sent: string[];
  accesses: Access[];
} {
  const accesses: Access[] = [];
  const instance: Instance = instantiate(design, sizes, (access) => accesses.push(access));
  const sent: string[] = [];
  instance.setTransport((type) => sent.push(type));
  const [one, other] = instance.actors.map(({ context }) => context as Context);
  return {
    one: one as Context,
    other: other as Context,
    memory: instance.view as View,
    drain: () => instance.storeBuffers[0]?.drainOldest(),
    sent,
    accesses,
  };
}

describe('a plain store under tso', () => {
  it('is seen by its own processor, and by others and properties when it has left the buffer', () => {
    const { one, other, memory, drain } = processors();
    one.m.a.set(1);
    expect([one.m.a.get(), other.m.a.get(), memory.m.a.get(), memory.storesAreDrained()]).toEqual([1, 0, 0, false]);
    drain();
    expect([one.m.a.get(), other.m.a.get(), memory.m.a.get(), memory.storesAreDrained()]).toEqual([1, 1, 1, true]);
  });

  it('is seen in a load that is repeated, since an operation on decision diagrams had paused in it', () => {
    let [value, pauses] = [0, 1];
    const load = () => {
      if (pauses-- > 0) throw new Error('pause');
      return value;
    };
    const store = { load, store: (_: number, stored: number) => (value = stored) };
    const target = { memory: { store: store as never, word: 0 }, arrive: () => {} };
    const entries = (entry: number) => ({ count: () => 1, at: () => entry }) as unknown as Queue;
    const buffer = new StoreBuffer(0, 1, [target], entries(0), entries(7));
    expect(() => buffer.load(() => value)).toThrow('pause');
    expect([buffer.load(() => value), value]).toEqual([7, 0]);
  });

  it('leaves after older ones, and before younger ones to the same word', () => {
    const { one, memory, drain } = processors();
    one.m.a.set(1);
    one.m.b.set(2);
    one.m.a.set(3);
    const seen = () => [memory.m.a.get(), memory.m.b.get(), one.m.a.get()];
    const values = [1, 2, 3].map(() => {
      drain();
      return seen();
    });
    expect(values).toEqual([
      [1, 0, 3],
      [1, 2, 3],
      [3, 2, 3],
    ]);
  });

  it('of a word leaves the other words of its bitmap alone', () => {
    const { one, other, memory, drain } = processors();
    one.m.small.setWord(1, 0b11);
    other.m.small.set(0);
    drain();
    expect([memory.m.small.show(), one.m.small.word(0), one.m.small.count()]).toEqual(['1011', 1, 3]);
  });

  it('is seen by its processor in every load, also where another bitmap takes its bits', () => {
    for (const size of ['small', 'large'] as const) {
      const { one, other } = processors();
      one.m[size].setWord(1, 0b10);
      const bit = one.m[size].bitsPerWord + 1;
      expect([one.m[size].has(bit), one.m[size].first(), one.m[size].isEmpty()]).toEqual([true, bit, false]);
      one.mine[size].copyFrom(one.m[size]);
      expect([...one.mine[size].show()].indexOf('1')).toBe(bit);
      one.mine[size].copyFrom(other.m[size]);
      expect(one.mine[size].isEmpty()).toBe(true);
    }
  });

  it('drains the oldest one if the buffer is full', () => {
    const { one, memory } = processors({ storeBuffer: 2 });
    for (const value of [1, 2, 3]) one.m.a.set(value);
    expect(memory.m.a.get()).toBe(1);
  });

  it('of a value that the cell does not take is a fault at once', () => {
    const { one, memory } = processors();
    expect(() => one.m.a.set(10)).toThrow(ModelFault);
    expect(() => one.m.small.setWord(2, 0)).toThrow(ModelFault);
    expect(memory.storesAreDrained()).toBe(true);
  });

  it.each<[string, (context: Context) => unknown]>([
    ['a barrier', ({ barrier }) => barrier()],
    ['a locked operation', ({ m }) => m.small.testAndSet(0)],
    ['a locked operation of a counter', ({ m }) => m.b.cmpxchg(5, 6)],
    ['a bulk store', ({ m }) => m.small.fill(false)],
    ['a message that is a locked operation', ({ send }) => send('LOCK', 1)],
  ])('has left the buffer after %s', (_, act) => {
    const { one, memory } = processors();
    one.m.a.set(1);
    one.m.b.set(2);
    act(one);
    expect([memory.m.a.get(), memory.m.b.get(), memory.storesAreDrained()]).toEqual([1, 2, true]);
  });

  it('may still be in the buffer after a call, and is so after a message that is a store itself', () => {
    const { one, memory, drain, sent } = processors();
    one.m.a.set(1);
    one.send('CALL', 1);
    one.send('UNLOCK', 1);
    expect([memory.m.a.get(), sent]).toEqual([0, ['CALL']]);
    drain();
    expect([memory.m.a.get(), sent]).toEqual([1, ['CALL']]);
    drain();
    expect([sent, memory.storesAreDrained()]).toEqual([['CALL', 'UNLOCK'], true]);
  });

  it('is recorded as waiting, and when it reaches memory', () => {
    const { one, drain, accesses } = processors();
    one.m.a.set(1);
    one.m.a.get();
    drain();
    one.m.a.get();
    expect(accesses).toEqual([
      { cell: 'm.a', region: 'shared', operation: 'set', kind: 'store', before: '0', after: '1', buffered: true },
      { cell: 'm.a', region: 'shared', operation: 'get', kind: 'load', before: '1', after: '1', buffered: true },
      { cell: 'm.a', region: 'shared', operation: 'drain', kind: 'store', before: '0', after: '1' },
      { cell: 'm.a', region: 'shared', operation: 'get', kind: 'load', before: '1', after: '1' },
    ]);
  });
});
