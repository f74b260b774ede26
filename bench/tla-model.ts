import { readFileSync } from 'node:fs';
import type { Scenario } from './scenarios.ts';

const peer = (name: string): string => readFileSync(new URL(`./peers/${name}`, import.meta.url), 'utf8');
const config = peer('RmapXchg.cfg');

/** The design rmap-xchg in TLA+. */
export const tlaModel = peer('RmapXchg.tla');

/** Returns the configuration of a checker: `RmapXchg.cfg` with the constants of a scenario. */
export function tlcConfig({ vcpus, pages, emulating }: Pick<Scenario, 'vcpus' | 'pages' | 'emulating'>): string {
  const constants = { Vcpus: setOf(vcpus, 'v'), Emulating: setOf(emulating, 'v'), Pages: setOf(pages, '') };
  return Object.entries(constants).reduce(
    (text, [name, value]) => text.replace(new RegExp(`\\b${name} = .*`), `${name} = ${value}`),
    config,
  );
}

const setOf = (count: number, prefix: string): string =>
  `{${Array.from({ length: count }, (_, n) => `${prefix}${n}`).join(', ')}}`;
