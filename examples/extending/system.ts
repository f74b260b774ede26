import { bitmap, ghost, rendezvous, shared } from 'precopy';
import { kvm } from 'precopy/kvm';

export const withVhost = kvm.extend({
  name: 'vhost',
  params: { queues: { default: 1, min: 1, max: 4, description: 'queues of the device' } },
  memory: ({ pages }) => ({
    vhost: shared({ log: bitmap(pages) }),
    vhostWrites: ghost({ unlogged: bitmap(pages) }),
  }),
  messages: { KICK_WORKER: rendezvous('queue') },
  actors: { vhostWorker: ({ queues }) => queues },
  tags: ['logsWrite'],
});
