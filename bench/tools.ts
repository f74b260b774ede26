import { type CommandContext, findVersion } from './command.ts';
import type { Engine } from './engines.ts';

/** The tools that peers need: versions of installed programs, and the path of a jar; undefined if a tool is missing. */
export interface Tools {
  readonly spin: string | undefined;
  readonly gcc: string | undefined;
  readonly java: string | undefined;
  readonly tla2tools: string | undefined;
}

/** Finds the installed programs. The user gives the path of the jar. */
export async function findTools(at: CommandContext, tla2tools: string | undefined): Promise<Tools> {
  return {
    spin: await findVersion(at, 'spin', '-V'),
    gcc: await findVersion(at, 'gcc', '--version'),
    java: await findVersion(at, 'java', '--version'),
    tla2tools,
  };
}

const requirements: Readonly<Record<Engine['tool'], readonly (keyof Tools)[]>> = {
  precopy: [],
  SPIN: ['spin', 'gcc'],
  TLC: ['tla2tools', 'java'],
  'tla-checker': [],
};

/** Returns the missing requirements of an engine's tool. */
export const missingTools = (tool: Engine['tool'], tools: Tools): readonly (keyof Tools)[] =>
  requirements[tool].filter((name) => tools[name] === undefined);
