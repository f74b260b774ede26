import { expect, it } from 'vitest';
import { memoise } from '../../src/cache/cached-program.ts';
import { compile } from '../../src/compile/compile.ts';
import { bitmap } from '../../src/model/declare.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { posted } from '../../src/model/messages.ts';
import { defineSystem } from '../../src/model/system.ts';

/** A sender with some unused bits, which move the mailbox of the receiver. */
function designWith(unusedBits: number) {
  const system = defineSystem({
    name: 'post',
    memory: () => ({}),
    messages: { LETTER: posted() },
    actors: { sender: 'one', receiver: 'one' },
  });
  const receiver = system
    .actor({ events: {} })
    .setup({ actions: {} })
    .createMachine({
      id: 'receiver',
      initial: 'waits',
      states: { waits: { on: { LETTER: 'reads' } }, reads: {} },
    });
  const sender = system
    .actor({ events: { STEP: {} }, registers: () => ({ unused: bitmap(unusedBits) }) })
    .setup({ actions: { post: ({ context: { send, actors } }) => send('LETTER', actors.receiver) } })
    .createMachine({
      id: 'sender',
      initial: 'writes',
      states: { writes: { on: { STEP: { actions: 'post', target: 'rests' } } }, rests: {} },
    });
  return defineDesign({ id: 'post', title: 'post', system, machines: { receiver, sender }, properties: [] });
}

it('a pending message is delivered, whichever bit of its word says that it is pending', () => {
  for (let unusedBits = 0; unusedBits <= 32; unusedBits++) {
    const program = memoise(compile(designWith(unusedBits)));
    const enabled = new Int32Array(program.events.length);
    program.reset();
    expect(program.enabled(enabled)).toBe(1);
    program.step(enabled[0] as number, 0);
    const types = Array.from(enabled.subarray(0, program.enabled(enabled)), (id) => program.events[id]?.type);
    expect(types, `${unusedBits} bits before`).toEqual(['LETTER']);
  }
});
