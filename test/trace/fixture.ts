import type { Access, Region } from '../../src/model/access-recording.ts';
import type { Trace, TraceMove } from '../../src/model/trace.ts';

const [cpu0, cpu1, lock] = [0, 1, 2];

/** Two processors and a lock: a write takes the lock, and an interrupt comes in between. */
export const race: Trace = {
  design: 'toy/no-barrier',
  params: { cpus: 2, pages: 2 },
  memoryModel: 'sc',
  actors: ['cpu0', 'cpu1', 'lock', 'idler'],
  schedule: 'toy/no-barrier@cpus=2,pages=2:0123abcd:AAEC',
  initial: {
    cells: { 'kvm.dirty': '00', 'kvm.kicked': '0', 'cpu.tlb[0]': '10', 'lock.holder': '0', 'ghost.marked': '00' },
    states: ['guest', 'host.running', 'free', 'asleep'],
  },
  steps: [
    {
      actor: cpu0,
      event: 'WRITE',
      payload: { field: 'gfn', value: 1 },
      moves: [
        move(cpu0, 'WRITE', 'guest', 'host.locking', {
          actions: ['leaveGuest', 'requestLock'],
          accesses: [read('owned', 'cpu.tlb[0]', '10')],
          sent: [{ type: 'LOCK', to: lock, posted: false }],
        }),
        move(lock, 'LOCK', 'free', 'held', {
          from: cpu0,
          actions: ['grant'],
          accesses: [change('register', 'lock.holder', '0', '1')],
          sent: [{ type: 'GRANTED', to: cpu0, posted: false }],
        }),
        move(cpu0, 'GRANTED', 'host.locking', 'host.marking', { from: lock, fields: { n: 1 } }),
      ],
    },
    {
      actor: cpu1,
      event: 'STEP',
      moves: [
        move(cpu1, 'STEP', 'host.running', 'host.waiting', {
          actions: ['kick'],
          accesses: [read('shared', 'kvm.dirty', '00'), change('shared', 'kvm.kicked', '0', '1')],
          sent: [{ type: 'IPI', to: cpu0, posted: true }],
        }),
      ],
    },
    {
      actor: cpu0,
      event: 'IPI',
      from: cpu1,
      moves: [
        move(cpu0, 'IPI', 'host.marking', 'host.marking', {
          from: cpu1,
          actions: ['mark', 'acknowledge'],
          accesses: [
            change('shared', 'kvm.dirty', '00', '01'),
            change('shared', 'kvm.kicked', '1', '1'),
            change('ghost', 'ghost.marked', '00', '01'),
          ],
        }),
      ],
    },
  ],
  violation: {
    property: 'no-mark-under-lock',
    description: 'nobody marks a page while a processor waits',
    detail: 'cpu1 waits',
  },
};

const { violation: _, ...unbroken } = race;

/** The same run, cut before anything breaks. */
export const harmless: Trace = { ...unbroken, steps: race.steps.slice(0, 1) };

/** A run that breaks before it begins. */
export const stillborn: Trace = { ...race, steps: [] };

/** The same run as one without an end, which repeats its last two steps. */
export const lasso: Trace = { ...race, cycle: 2 };

/** A run after which nothing has to happen. */
export const stuck: Trace = { ...race, cycle: 0 };

/** A run of many steps, too long for a diagram. */
export const endless = (steps: number): Trace => ({
  ...race,
  steps: Array.from({ length: steps }, () => race.steps[0] as Trace['steps'][number]),
});

function move(
  actor: number,
  event: string,
  before: string,
  after: string,
  rest: Partial<Pick<TraceMove, 'from' | 'fields' | 'actions' | 'accesses' | 'sent'>> = {},
): TraceMove {
  return { actor, event, from: actor, before, after, actions: [], accesses: [], sent: [], ...rest };
}

function read(region: Region, cell: string, value: string): Access {
  return { cell, region, operation: 'has', kind: 'load', before: value, after: value };
}

function change(region: Region, cell: string, before: string, after: string): Access {
  return { cell, region, operation: 'set', kind: 'rmw', before, after };
}
