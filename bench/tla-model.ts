import { readFileSync } from 'node:fs';
import type { Size } from './sizes.ts';

const peer = (name: string): string => readFileSync(new URL(`./peers/${name}`, import.meta.url), 'utf8');
const config = peer('RmapXchg.cfg');

/** The design rmap-xchg in TLA+. */
export const tlaModel = peer('RmapXchg.tla');

/** What a checker is told besides: `RmapXchg.cfg`, with the constants of a size. */
export function configOf({ vcpus, pages, emulating }: Pick<Size, 'vcpus' | 'pages' | 'emulating'>): string {
  const constants = { Vcpus: setOf(vcpus, 'v'), Emulating: setOf(emulating, 'v'), Pages: setOf(pages, '') };
  return Object.entries(constants).reduce(
    (text, [name, value]) => text.replace(new RegExp(`\\b${name} = .*`), `${name} = ${value}`),
    config,
  );
}

const setOf = (count: number, prefix: string): string =>
  `{${Array.from({ length: count }, (_, n) => `${prefix}${n}`).join(', ')}}`;
