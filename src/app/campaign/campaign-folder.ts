import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of the folder of a campaign. */
export const partsOf = (folder: string) => ({
  plan: join(folder, 'plan.json'),
  results: join(folder, 'results'),
  leases: join(folder, 'leases'),
  checkpoints: join(folder, 'checkpoints'),
});

/** Returns true if a path is the folder of a campaign. */
export const isCampaignFolder = (path: string): boolean => existsSync(partsOf(path).plan);
