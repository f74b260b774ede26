import { kvm } from '../machines/system.ts';

/** Somebody can go on until the guest runs on the destination. */
export const noDeadlock = kvm.properties.noDeadlock(
  { id: 'no-deadlock', description: 'some actor can go on until the destination has resumed' },
  ({ is, actors }) => is.resumed.of(actors.destination),
);
