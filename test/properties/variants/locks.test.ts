import { describe, expect, it } from 'vitest';
import { manualClearTdp, rmapXchg } from '../../../machines/designs/index.ts';
import { step } from '../../../machines/step.ts';
import { vcpuTdpMmu } from '../../../machines/vcpu/tdp-mmu.ts';
import { vcpu } from '../../../machines/vcpu.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { explore } from '../../support/explore.ts';
import { getDirtyLogInOrder, type Operation } from './get-dirty-log.ts';

const params = { vcpus: 1, pages: 1, loggingOn: 1 };
const accusationOf = (design: AnyDesign): string | undefined => explore(design, params).violation?.property;
const withGet = (order: readonly Operation[]): AnyDesign => ({
  ...rmapXchg,
  machines: { ...rmapXchg.machines, getDirtyLog: getDirtyLogInOrder(order) },
});

describe('a lock', () => {
  it('is not had by a thread that holds it already', () => {
    const again = ['lockMmu', 'take', 'lockMmu', 'protect', 'flush', 'unlockMmu', 'copy', 'return'] as const;
    expect(accusationOf(withGet(again))).toBe('no-deadlock');
  });

  it('is not released by a thread that does not hold it', () => {
    const twice = vcpu.extend({
      states: {
        host: {
          states: {
            setSpte: { on: step(['setSpteWritable', 'resetGfn', 'releaseMmuLock', 'releaseMmuLock'], 'enterGuest') },
          },
        },
      },
    });
    expect(accusationOf({ ...rmapXchg, machines: { ...rmapXchg.machines, vcpu: twice } })).toBe('well-formed');
  });

  it('that is shared is not released by a thread that does not hold it', () => {
    const setSpte = (...last: 'releaseMmuLockShared'[]) =>
      vcpuTdpMmu.extend({
        states: {
          host: { states: { setSpte: { on: step(['setSpteWritable', 'resetGfn', ...last], 'enterGuest') } } },
        },
      });
    const withVcpu = (machine: ReturnType<typeof setSpte>): AnyDesign => ({
      ...manualClearTdp,
      machines: { ...manualClearTdp.machines, vcpu: machine },
    });
    expect(accusationOf(withVcpu(setSpte('releaseMmuLockShared')))).toBeUndefined();
    expect(accusationOf(withVcpu(setSpte('releaseMmuLockShared', 'releaseMmuLockShared')))).toBe('well-formed');
  });
});
