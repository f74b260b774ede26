import { isAbsolute, join, relative, resolve } from 'node:path';

/** The folders that the paths of a campaign file and of its plan are relative to. */
export interface Folders {
  /** of the campaign file */
  readonly campaign: string;
  /** of the plan */
  readonly plan: string;
}

/** Converts a path of a campaign file to one of its plan. */
export function toPlanPath(path: string, { campaign, plan }: Folders): string {
  return isAbsolute(path) ? path : relative(resolve(plan), resolve(campaign, path));
}

/** Converts a path of a plan to one relative to the working directory, which no command takes for an id. */
export function fromPlanPath(path: string, plan: string): string {
  return isAbsolute(path) ? path : dotted(relative('.', join(plan, path)));
}

/** Converts a path of a campaign file to one relative to the working directory. */
export function fromCampaignPath(path: string, campaign: string): string {
  return isAbsolute(path) ? path : dotted(relative('.', join(campaign, path)));
}

const dotted = (path: string): string => (path.startsWith('.') ? path : `./${path}`);
