// A project that installs precopy compiles this with `declaration`: the types of all that it exports can be named.
import {
  actor,
  actorQueue,
  actorSet,
  and,
  asCall,
  asStore,
  bit,
  bitmap,
  breadthFirstSearch,
  checkDesign,
  compile,
  counter,
  defineDesign,
  defineMutant,
  defineSystem,
  ghost,
  index,
  LiveSystem,
  liveness,
  memoise,
  not,
  or,
  owned,
  parseSchedule,
  posted,
  queue,
  rendezvous,
  replaySchedule,
  runEngine,
  shared,
} from 'precopy';
import { holds, noLostWrite, runArbitrary } from 'precopy/fast-check';
import * as parts from 'precopy/kvm';

export const system = defineSystem({
  name: 'everything',
  params: { pages: { default: 2, min: 1, max: 4, description: 'pages' } },
  memory: ({ pages }) => ({
    ram: shared({ dirty: bitmap(pages), words: [bitmap(pages), bitmap(pages)], flag: bit(), count: counter(3) }),
    lock: shared({ holder: actor(), readers: actorSet(), waiting: actorQueue(2) }),
    channel: owned({ page: index(pages), items: queue(2, 3) }),
    spec: ghost({ writes: counter(3) }),
  }),
  messages: { ASK: rendezvous('page'), KICK: posted(), UNLOCK: asStore(rendezvous()), CALL: asCall(rendezvous()) },
  actors: { asker: 'one', worker: ({ pages }) => pages, extra: { some: ({ pages }) => pages - 1 } },
  tags: ['busy'],
});

export const worker = system.actor({
  events: { STEP: {}, WRITE: { field: 'gfn', size: ({ pages }) => pages, optional: true } },
  registers: ({ pages }) => ({ mask: bitmap(pages), at: counter(pages), done: bit(), owner: actor() }),
});
export const marking = worker.implement({
  actions: { mark: ({ context: { ram }, event }) => ram.dirty.set(event.gfn) },
  guards: { isDone: ({ context: { my } }) => my.done, atStart: ({ context: { my } }) => my.at === 0 },
});
export const builder = worker.use(marking);
export const machine = builder.createMachine({
  id: 'worker',
  initial: 'idle',
  states: {
    idle: {
      on: { WRITE: { guard: and([not('isDone'), or(['atStart', 'isDone'])]), actions: 'mark', target: 'busy' } },
    },
    busy: { tags: ['busy'] },
  },
});
export const patched = machine.extend({ states: { busy: { on: { STEP: 'idle' } } } });
export const { always, never, noDeadlock } = system.properties;
export const neverBusy = never({ id: 'never-busy', description: 'nothing is busy' }, ({ is }) => is.busy.count() > 0);
export const design = defineDesign({
  id: 'everything',
  title: 'everything',
  system,
  machines: { asker: machine, worker: machine },
  properties: [neverBusy],
});
export const mutant = defineMutant(design, 'patched', {
  bug: 'more',
  breaks: 'never-busy',
  machines: { worker: patched },
});

export const program = compile(design);
export const cached = memoise(program);
export const search = breadthFirstSearch(cached);
export const exploration = runEngine(liveness(cached));
export const check = checkDesign(design, {});
export const live = new LiveSystem(design);
export const runs = runArbitrary(design);
export const property = holds(design, neverBusy);
export const lossless = noLostWrite(design);
export const schedule = parseSchedule('everything@pages=1:00000000:');
export const trace = replaySchedule('everything@pages=1:00000000:');

export const { kvm, ioctl, rmapXchg, vcpu, mutants, flushRemoteTlbs } = parts;
export const kvmProperties = kvm.properties;
export const handler = parts.ioctl.use(parts.getDirtyLogCall, parts.bitmapScan, parts.xchgSnapshot, parts.tlbFlush);
export const getDirtyLog = parts.getDirtyLogByRmapXchg.extend({ states: {} });
export const mine = defineDesign({ ...rmapXchg, id: 'mine', machines: { ...rmapXchg.machines, getDirtyLog } });
