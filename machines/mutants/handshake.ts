import { defineMutant } from '../../src/model/define-design.ts';
import { rmapXchgHandshake as design } from '../designs/index.ts';
import { rmapXchgWithHandshake as getDirtyLog } from '../get-dirty-log/handshake.ts';
import { step } from '../step.ts';
import { vcpuWithHandshake as vcpu } from '../vcpu/handshake.ts';

const noBarrier = defineMutant(design, 'no-smp-mb', {
  bug: 'a vCPU reads its requests while the store of IN_GUEST_MODE is still in its store buffer: no smp_mb between them',
  breaks: 'protected-on-return',
  memoryModel: 'tso',
  params: { vcpus: 1 },
  machines: {
    vcpu: vcpu.extend({
      states: {
        host: { states: { storeMode: { on: step('storeInGuestMode', '#vcpu.readMode') } } },
      },
    }),
  },
});

const requestsBeforeMode = defineMutant(design, 'requests-before-mode', {
  bug: 'a vCPU reads its requests a last time before it stores IN_GUEST_MODE',
  breaks: 'protected-on-return',
  params: { vcpus: 1 },
  machines: {
    vcpu: vcpu.extend({
      states: {
        host: {
          states: {
            enterGuest: {
              on: { STEP: [{ guard: 'tlbFlushRequested', target: 'serveRequest' }, { target: '#vcpu.readMode' }] },
            },
            serveRequest: { on: step('flushTlb', '#vcpu.readMode') },
            smpMb: { on: step('smpMb', '#vcpu.inGuest') },
          },
        },
        readRequests: {
          on: { STEP: [{ guard: 'tlbFlushRequested', target: 'cancelEntry' }, { target: 'host.storeMode' }] },
        },
      },
    }),
  },
});

const interruptsOn = defineMutant(design, 'interrupts-on', {
  bug: 'interrupts are on when a vCPU reads its requests, and the IPI comes before VM entry: it takes no vCPU out of the guest',
  breaks: 'protected-on-return',
  params: { vcpus: 1 },
  machines: {
    vcpu: vcpu.extend({
      states: {
        readRequests: { on: { STEP: [{ guard: 'tlbFlushRequested', target: 'cancelEntry' }, { target: 'vmEntry' }] } },
        vmEntry: { tags: ['inGuest'], on: { IPI: { actions: 'ackIpi' }, STEP: 'inGuest' } },
      },
    }),
  },
});

const modeBeforeRequest = defineMutant(design, 'mode-before-request', {
  bug: 'a flusher reads the mode of a vCPU before it makes its request',
  breaks: 'protected-on-return',
  params: { vcpus: 1 },
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        flushTlbs: {
          states: {
            makeRequests: {
              on: { MAKE_REQUEST: { guard: 'notYetRequested', actions: 'pickVcpu', target: 'readMode' } },
            },
            readMode: { on: step('cmpxchgMode', 'setRequest') },
            setRequest: { on: step(['requestFlush', 'resetVcpu'], 'makeRequests') },
          },
        },
      },
    }),
  },
});

/** Bugs put into `rmap-xchg-handshake`: ordering rule O10, and what it rests on. */
export const handshakeMutants = [noBarrier, requestsBeforeMode, interruptsOn, modeBeforeRequest];
