import { versionOf, type Workplace } from './command.ts';
import type { Engine } from './engines.ts';

/** What the peers take: versions of programs that are installed, and the path of a jar that is given. */
export interface Tools {
  readonly spin: string | undefined;
  readonly gcc: string | undefined;
  readonly java: string | undefined;
  readonly tla2tools: string | undefined;
}

/** Looks for the programs; of a jar, only the user knows where it is. */
export async function findTools(at: Workplace, tla2tools: string | undefined): Promise<Tools> {
  return {
    spin: await versionOf(at, 'spin', '-V'),
    gcc: await versionOf(at, 'gcc', '--version'),
    java: await versionOf(at, 'java', '--version'),
    tla2tools,
  };
}

const takes: Readonly<Record<Engine['tool'], readonly (keyof Tools)[]>> = {
  precopy: [],
  SPIN: ['spin', 'gcc'],
  TLC: ['tla2tools', 'java'],
  'tla-checker': [],
};

/** What a tool cannot run without, and is not there. */
export const missingFor = (tool: Engine['tool'], tools: Tools): readonly (keyof Tools)[] =>
  takes[tool].filter((name) => tools[name] === undefined);
