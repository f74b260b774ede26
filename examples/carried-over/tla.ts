import { and, bitmap, defineDesign, defineMutant, defineSystem, not, shared } from 'precopy';

const system = defineSystem({
  name: 'lock-service',
  params: { clients: { default: 3, min: 1, max: 6, description: 'clients that share the lock' } },
  memory: ({ clients }) => ({ lock: shared({ waiting: bitmap(clients), holder: bitmap(clients) }) }),
  actors: { client: ({ clients }) => clients },
});

/** An action of TLA+ accesses any number of variables in one step. Here a step that does so gives its reason. */
const oneAction = { coarse: 'the lock service takes each request as a whole' };

const client = system
  .actor({ events: { REQUEST: { optional: true }, GRANT: {}, RELEASE: {} } })
  .setup({
    actions: {
      wait: ({ context: { lock, nth } }) => lock.waiting.set(nth),
      stopWaiting: ({ context: { lock, nth } }) => lock.waiting.clear(nth),
      hold: ({ context: { lock, nth } }) => lock.holder.set(nth),
      release: ({ context: { lock, nth } }) => lock.holder.clear(nth),
    },
    guards: {
      waits: ({ context: { lock, nth } }) => lock.waiting.has(nth),
      holds: ({ context: { lock, nth } }) => lock.holder.has(nth),
      isFree: ({ context: { lock } }) => lock.holder.isEmpty(),
    },
  })
  .createMachine({
    id: 'client',
    initial: 'running',
    states: {
      running: {
        on: {
          REQUEST: { guard: and([not('waits'), not('holds')]), actions: 'wait', meta: oneAction },
          GRANT: { guard: and(['waits', 'isFree']), actions: ['hold', 'stopWaiting'], meta: oneAction },
          RELEASE: { guard: 'holds', actions: 'release', meta: oneAction },
        },
      },
    },
  });

const { always, leadsToForEach, reachable } = system.properties;

const lockService = defineDesign({
  id: 'lock-service',
  title: 'a lock that is granted to any client that waits',
  system,
  machines: { client },
  properties: [
    always(
      { id: 'mutual-exclusion', description: 'at most one client holds the lock' },
      ({ lock }) => lock.holder.count() <= 1,
    ),
    leadsToForEach(
      {
        id: 'no-starvation',
        description: 'a client that waits holds the lock eventually',
        strongly: [{ event: 'GRANT' }],
      },
      ({ client }) => client,
      ({ lock }, client) => lock.waiting.has(client),
      ({ lock }, client) => lock.holder.has(client),
    ),
    reachable({ id: 'all-want-it', description: 'one client holds the lock and all others wait' }, (view) => {
      const { lock, params } = view;
      return lock.holder.count() === 1 && lock.waiting.count() === params.clients - 1;
    }),
  ],
});

export const grantsTwice = defineMutant(lockService, 'grants-twice', {
  bug: 'the lock is granted while another client holds it',
  breaks: 'mutual-exclusion',
  machines: {
    client: client.extend({
      states: { running: { on: { GRANT: { guard: 'waits', actions: ['hold', 'stopWaiting'], meta: oneAction } } } },
    }),
  },
});

export default lockService;
export const designs = [lockService, grantsTwice];
