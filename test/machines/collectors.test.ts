import { describe, expect, it } from 'vitest';
import { designs, lateFlushTwoCollectors } from '../../machines/designs/index.ts';
import { lockBreakLateFlush } from '../../machines/get-dirty-log/lock-break.ts';
import { flushBySpteChanged } from '../../machines/mutants/collectors.ts';
import { mutants } from '../../machines/mutants/index.ts';
import { calledByTwo } from '../../machines/second-collector/get-dirty-log.ts';
import { kvmWithSecondCollector } from '../../machines/second-collector/system.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { instantiate } from '../../src/model/instance.ts';
import { explore } from '../support/explore.ts';

describe('two threads that take the log', () => {
  it('run one and the same machine, in every design and mutant that has them', () => {
    const two = ([...designs, ...mutants] as AnyDesign[]).filter(({ system }) => system === kvmWithSecondCollector);
    expect(two.length).toBeGreaterThan(2);
    for (const design of two) {
      const { actors } = instantiate(design, { pages: 1 });
      const [first, second] = ['getDirtyLog', 'displayGet0'].map((name) => actors.find((one) => one.name === name));
      expect(second?.machine, design.id).toBe(first?.machine);
    }
  });

  it('may flush by changes of sptes if the flush comes before slots_lock is released', () => {
    const getDirtyLog = calledByTwo(flushBySpteChanged(lockBreakLateFlush));
    const design = { ...lateFlushTwoCollectors, machines: { ...lateFlushTwoCollectors.machines, getDirtyLog } };
    const { verdict, states } = explore(design, { pages: 1, emulatingVcpus: 1 });
    expect(verdict).toBe('holds');
    expect(states).toBeGreaterThan(10_000);
  });
});
