import { whereInterruptsAreOff } from '../../properties/liveness.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { flushStepByStep, requestThenMode, setMemoryRegionLateFlushWithHandshake } from '../get-dirty-log/handshake.ts';
import { manualClear as getDirtyLogManually } from '../get-dirty-log/manual-clear.ts';
import { rmapXchgLateFlush as getDirtyLogByRmapXchgLateFlush } from '../get-dirty-log/rmap-xchg.ts';
import { vcpuWithHandshake } from '../vcpu/handshake.ts';
import { manualClear, rmapXchgLateFlush } from './index.ts';

/**
 * `vcpuWithHandshake` whose VM entry takes time: a request that comes after the last look at the requests is answered
 * when the vCPU is in the guest and takes the IPI.
 */
const vcpuThatEntersInTime = vcpuWithHandshake.extend({
  states: {
    readRequests: {
      on: {
        STEP: [{ guard: 'tlbFlushRequested', target: 'cancelEntry' }, { target: 'enteringGuest' }],
      },
    },
    enteringGuest: { on: { STEP: { actions: 'vmEntry', target: 'inGuest' } } },
  },
});

const stepByStep = { vcpu: vcpuThatEntersInTime, setMemoryRegion: setMemoryRegionLateFlushWithHandshake };
const params = { handshake: 1, emulatingVcpus: 0, loggingOn: 1 };

/**
 * The designs of a current kernel, for comparison with measured times: GET_DIRTY_LOG, and GET with CLEAR_DIRTY_LOG,
 * where a flush visits each vCPU step by step. From VM entry to VM exit a vCPU is IN_GUEST_MODE with interrupts off,
 * and a flush that comes then waits for it.
 */
export const kernelOfToday = {
  get: defineDesign({
    ...rmapXchgLateFlush,
    id: 'rmap-xchg-late-flush-handshake',
    machines: {
      ...rmapXchgLateFlush.machines,
      ...stepByStep,
      getDirtyLog: getDirtyLogByRmapXchgLateFlush.use(requestThenMode).extend({ states: flushStepByStep }),
    },
    properties: rmapXchgLateFlush.properties.map(whereInterruptsAreOff),
    params,
  }),
  clear: defineDesign({
    ...manualClear,
    id: 'manual-clear-handshake',
    machines: {
      ...manualClear.machines,
      ...stepByStep,
      getDirtyLog: getDirtyLogManually.use(requestThenMode).extend({ states: flushStepByStep }),
    },
    properties: manualClear.properties.map(whereInterruptsAreOff),
    params: { ...params, bitsPerWord: 1 },
  }),
};
