import { kvm } from '../machines/system.ts';

/** The goal of migration. */
export const finalImage = kvm.properties.always(
  {
    id: 'final-image',
    description: 'when the destination resumes, each page there holds what the source last wrote',
  },
  ({ is, actors, ram }) => !is.resumed.of(actors.destination) || ram.stale.isEmpty(),
);
