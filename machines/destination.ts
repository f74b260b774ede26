import { kvm } from './system.ts';

/** The QEMU that the guest moves to: it applies pages in the order in which they come, then runs the guest. QEMU, `ram_load_precopy`. */
export const destination = kvm
  .actor({ events: {}, registers: () => ({}) })
  .setup({
    actions: {
      applyPage: ({ context: { ram }, event }) => ram.stale.clear(event.gfn),
    },
  })
  .createMachine({
    id: 'destination',
    initial: 'receiving',
    states: {
      receiving: { on: { PAGE: { actions: 'applyPage' }, RESUME: 'resumed' } },
      resumed: { tags: ['resumed'] },
    },
  });
