import { kvm } from './system.ts';

/**
 * The QEMU that the guest moves to: it applies pages in the order of their arrival, then runs the guest
 * (`ram_load_precopy`, QEMU 10.2).
 */
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
      receiving: {
        description: 'ram_load_precopy: qemu_get_buffer(f, host, TARGET_PAGE_SIZE)',
        on: { PAGE: { actions: 'applyPage' }, RESUME: 'resumed' },
      },
      resumed: { description: 'vm_start(): the guest runs here', tags: ['resumed'] },
    },
  });
