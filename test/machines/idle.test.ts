import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../machines/designs/index.ts';
import { compile } from '../../src/compile/compile.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { ActorInstance } from '../../src/model/instance.ts';
import { forEveryStep } from '../support/every-step.ts';
import { designsOrMutants } from '../support/nightly.ts';

/** Registers that hold live values at rest. */
const alive = new Set(['srcu.readers']);

/** States in which an actor is idle, besides its initial one. */
const rest = new Set(['iterating', 'completed', 'resumed', 'stopped', 'tracking', 'host.inUserspace']);

/** Returns the registers that are not normalised while their actor is idle: each multiplies the states without need. */
function leftovers(design: AnyDesign): string[] {
  const program = compile({ ...design, memoryModel: 'sc' }, { vcpus: 1, pages: 1, emulatingVcpus: 0 });
  const { instance } = program;
  program.reset();
  const initially = new Map(instance.cells.map(({ plain }) => [plain.name, plain.show()]));
  const begin = instance.actors.map(({ location }) => location.get());
  const isAtRest = ({ id, location, leaves }: ActorInstance): boolean =>
    location.get() === begin[id] || rest.has(leaves[location.get()] as string);
  const registers = instance.cells.flatMap(({ plain, region }) => (region === 'register' ? [plain] : []));
  const left = new Set<string>();
  forEveryStep(
    program,
    () => undefined,
    () => {
      for (const actor of instance.actors.filter(isAtRest)) {
        for (const register of registers) {
          if (!register.name.startsWith(`${actor.name}.`) || alive.has(register.name)) continue;
          if (register.show() !== initially.get(register.name)) left.add(register.name);
        }
      }
    },
  );
  return [...left];
}

describe('registers of an idle actor are normalised: in', () => {
  for (const design of designsOrMutants.filter(({ mutantOf }) => mutantOf === undefined)) {
    it(design.id, () => expect(leftovers(design)).toEqual([]));
  }

  it('but not in a GET_DIRTY_LOG that does not reset its word', () => {
    const getDirtyLog = rmapXchg.machines.getDirtyLog.extend({ actions: { resetWord: () => undefined } });
    const design = { ...rmapXchg, machines: { ...rmapXchg.machines, getDirtyLog } };
    expect(leftovers(design)).toContain('getDirtyLog.word');
  });
});
