import { expect, it } from 'vitest';
import { memoise } from '../../src/cache/cached-program.ts';
import { compile } from '../../src/compile/compile.ts';
import { bitmap } from '../../src/model/declare.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { defineSystem, owned } from '../../src/model/system.ts';
import { breadthFirstSearch } from '../../src/search/bfs/breadth-first-search.ts';
import { runEngine } from '../../src/search/run-engine.ts';

/** An actor that sets one bit a step, each in another bitmap, and then clears all; its guards read all bitmaps. */
const filling = (bitmaps: number) => {
  const all = Array.from({ length: bitmaps }, (_, n) => n);
  const system = defineSystem({
    name: 'fill',
    memory: () => ({ memory: owned({ maps: all.map(() => bitmap(32)) }) }),
    actors: { filler: 'one' },
  });
  const filler = system
    .actor({ events: { FILL: {}, CLEAR: {} } })
    .setup({
      guards: {
        hasRoom: ({ context: { memory } }) => all.filter((n) => memory.maps(n).isEmpty()).length > 0,
        isFull: ({ context: { memory } }) => all.filter((n) => memory.maps(n).isEmpty()).length === 0,
      },
      actions: {
        fill: ({ context: { memory } }) => memory.maps(all.find((n) => memory.maps(n).isEmpty()) ?? 0).set(31),
        clear: ({ context: { memory } }) => {
          for (const n of all) memory.maps(n).clear(31);
        },
      },
    })
    .createMachine({
      id: 'filler',
      initial: 'here',
      states: {
        here: { on: { FILL: { guard: 'hasRoom', actions: 'fill' }, CLEAR: { guard: 'isFull', actions: 'clear' } } },
      },
    });
  return defineDesign({ id: 'fill', title: 'fills bitmaps', system, machines: { filler }, properties: [] });
};

it.each([8, 9])('choices that depend on %i words of memory together are enumerated', (bitmaps) => {
  const program = compile(filling(bitmaps));
  // The initial state counts as a transition.
  const expected = { states: bitmaps + 1, transitions: bitmaps + 2 };
  for (const searched of [program, memoise(program)])
    expect(runEngine(breadthFirstSearch(searched))).toMatchObject(expected);
});
