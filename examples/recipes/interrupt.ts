/**
 * An interrupt handler against the thread that it interrupts: both add to a counter of their processor.
 *
 * Thread and handler are one actor, since one processor runs them. An interrupt is a posted message: it is delivered
 * between any two steps of the thread, in states that have a transition for it. The handler is one step, since the
 * thread does not run meanwhile, and no other processor accesses the counter. A second interrupt from the same device
 * is identified with the first one while that is pending.
 */
import { counter, defineDesign, defineMutant, defineSystem, ghost, owned, posted } from 'precopy';

const system = defineSystem({
  name: 'interrupt',
  params: {
    times: { default: 2, min: 1, max: 8, description: 'additions of the thread, and interrupts of the device' },
  },
  memory: ({ times }) => ({
    percpu: owned({ events: counter(2 * times) }),
    ghost: ghost({ added: counter(2 * times) }),
  }),
  messages: { IRQ: posted() },
  actors: { cpu: 'one', device: 'one' },
  tags: ['done', 'idle'],
});

const cpuActor = system.actor({
  events: { STEP: {} },
  registers: ({ times }) => ({ loaded: counter(2 * times), left: counter(times, times) }),
});

const adding = cpuActor.implement({
  actions: {
    load: ({ context: { percpu, my } }) => {
      my.loaded = percpu.events.get();
    },
    store: ({ context: { percpu, my } }) => {
      percpu.events.set(my.loaded + 1);
      my.left -= 1;
    },
    handleIrq: ({ context: { percpu } }) => percpu.events.set(percpu.events.get() + 1),
  },
  guards: { isLast: ({ context: { my } }) => my.left === 0 },
  ghost: {
    store: ({ context: { ghost } }) => ghost.added.set(ghost.added.get() + 1),
    handleIrq: ({ context: { ghost } }) => ghost.added.set(ghost.added.get() + 1),
  },
});

const interruptible = { IRQ: { actions: 'handleIrq' } } as const;

const cpu = cpuActor.use(adding).createMachine({
  id: 'cpu',
  initial: 'running',
  states: {
    running: { on: { ...interruptible, STEP: 'disabled' } },
    disabled: { description: 'after local_irq_disable', on: { STEP: { actions: 'load', target: 'loaded' } } },
    loaded: { on: { STEP: { actions: 'store', target: 'enabling' } } },
    enabling: { on: { STEP: [{ guard: 'isLast', target: 'done' }, { target: 'running' }] } },
    done: { tags: ['done'], on: interruptible },
  },
});

const device = system
  .actor({ events: { RAISE: {} }, registers: ({ times }) => ({ left: counter(times, times) }) })
  .setup({
    actions: {
      raiseIrq: ({ context: { send, actors, my } }) => {
        send('IRQ', actors.cpu);
        my.left -= 1;
      },
    },
    guards: { isLast: ({ context: { my } }) => my.left === 0 },
  })
  .createMachine({
    id: 'device',
    initial: 'active',
    states: {
      active: { on: { RAISE: { actions: 'raiseIrq', target: 'raised' } } },
      raised: { always: [{ guard: 'isLast', target: 'idle' }, { target: 'active' }] },
      idle: { type: 'final', tags: ['idle'] },
    },
  });

const { always, noDeadlock, reachable } = system.properties;

const interrupt = defineDesign({
  id: 'interrupt',
  title: 'a counter of a processor, added to by a thread and an interrupt handler',
  system,
  machines: { cpu, device },
  properties: [
    always(
      { id: 'no-lost-addition', description: 'the counter is the number of additions' },
      ({ percpu, ghost }) => percpu.events.get() === ghost.added.get(),
    ),
    noDeadlock(
      { id: 'no-deadlock', description: 'some step is enabled until all interrupts are handled' },
      ({ is, posted, actors }) =>
        is.done.of(actors.cpu) && is.idle.of(actors.device) && !posted.IRQ.waitsFor(actors.cpu),
    ),
    reachable(
      { id: 'coalesced', description: 'fewer interrupts are handled than were raised' },
      ({ is, posted, actors, ghost, params }) =>
        is.done.of(actors.cpu) &&
        is.idle.of(actors.device) &&
        !posted.IRQ.waitsFor(actors.cpu) &&
        ghost.added.get() < 2 * params.times,
    ),
  ],
});

export const interruptsEnabled = defineMutant(interrupt, 'interrupts-enabled', {
  bug: 'interrupts are enabled between load and store: the store overwrites what the handler added',
  breaks: 'no-lost-addition',
  machines: { cpu: cpu.extend({ states: { loaded: { on: interruptible } } }) },
});

export default interrupt;
export const designs = [interrupt, interruptsEnabled];
