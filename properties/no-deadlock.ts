import { kvm } from '../machines/system.ts';

/** No state is a deadlock before the guest runs on the destination. */
export const noDeadlock = kvm.properties.noDeadlock(
  { id: 'no-deadlock', description: 'some actor can take a step until the destination has resumed' },
  ({ is, actors }) => is.resumed.of(actors.destination),
);
