import { ioctl } from './ioctl.ts';

/** `kvm_reload_remote_mmus`, and the generation that tells a root page of before from one of after. */
export const rootGeneration = ioctl.implement({
  actions: {
    nextGeneration: ({ context: { kvm } }) => kvm.rootIsStale.set(0),
    makeReloadRequest: ({ context: { kvm, my }, event }) => {
      my.toRequest.clear(event.vcpu);
      kvm.mmuReloadRequest.set(event.vcpu);
    },
  },
  ghost: { nextGeneration: ({ context: { ghost } }) => ghost.tableProtected.fill(false) },
});
