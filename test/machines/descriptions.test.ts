import { describe, expect, it } from 'vitest';
import type { AnyStateNode } from 'xstate';
import { designs } from '../../machines/designs/index.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { Machine } from '../../src/model/machine.ts';
import { leavesOf, pathOf } from '../../src/model/statechart.ts';

describe('every state of a shipped machine says which operation it is', () => {
  for (const { id, machines } of designs as readonly AnyDesign[]) {
    it(id, () => {
      const all = Object.values(machines as Record<string, Machine>);
      const silent = all.flatMap(({ statechart }) =>
        leavesOf(statechart)
          .filter((leaf: AnyStateNode) => !leaf.description)
          .map((leaf) => `${statechart.id}: ${pathOf(leaf)}`),
      );
      expect(silent).toEqual([]);
    });
  }
});
