import { bitmap, defineDesign, defineSystem, owned, shared } from 'precopy';
import { expect, test } from 'vitest';
import { explore } from '../support/explore.ts';

test('a bitmap that is the operand of another one is read with the buffered stores of the actor', () => {
  const system = defineSystem({
    name: 's',
    memory: () => ({ m: shared({ bits: bitmap(4) }), own: owned({ copy: bitmap(4) }) }),
    actors: { a: 'one' },
    tags: ['copied'],
  });
  const a = system
    .actor({ events: { STEP: {} } })
    .setup({
      actions: {
        store: ({ context: { m } }) => m.bits.setWord(0, 0b101),
        copy: ({ context: { m, own } }) => own.copy.setWord(0, m.bits),
      },
    })
    .createMachine({
      id: 'a',
      initial: 'stores',
      states: {
        stores: { on: { STEP: { actions: 'store', target: 'copies' } } },
        copies: { on: { STEP: { actions: 'copy', target: 'ends' } } },
        ends: { tags: ['copied'] },
      },
    });
  const { always, noDeadlock } = system.properties;
  const properties = [
    always({ id: 'sees-own-store', description: 'an actor sees its own stores' }, ({ is, own }) =>
      is.copied.count() === 0 ? own.copy.isEmpty() : own.copy.count() === 2,
    ),
    noDeadlock({ id: 'end', description: 'it may stop' }, () => true),
  ];
  const design = defineDesign({ id: 'd', title: 't', system, machines: { a }, properties, memoryModel: 'tso' });
  expect(explore(design).verdict).toBe('holds');
});
