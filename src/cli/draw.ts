import { writeFileSync } from 'node:fs';
import { resolveTargets } from '../app/designs/design-registry.ts';
import { checkWritable, withWriteErrors } from '../app/files/output-file.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Machine } from '../model/machine.ts';
import { didYouMean } from '../model/nearest-name.ts';
import { type DrawnMachine, statechartsSvg } from '../report/statecharts-svg.ts';
import { Output } from './report/console-output.ts';

/** Draws the statecharts of a design, each machine once. */
export async function drawDesign(
  name: string,
  { out, machine }: { readonly out?: string; readonly machine?: string },
): Promise<void> {
  const targets = await resolveTargets([name]);
  checkWritable(out);
  const drawn = new Map<Machine, DrawnMachine>();
  for (const { design } of targets) {
    const machines = Object.entries(design.machines as Record<string, Machine>);
    for (const [role, one] of machines) {
      if (machine !== undefined && role !== machine) continue;
      if (!drawn.has(one)) drawn.set(one, { name: targets.length > 1 ? `${design.id}: ${role}` : role, machine: one });
    }
  }
  if (drawn.size === 0 && machine !== undefined) {
    const roles = [...new Set(targets.flatMap(({ design }) => Object.keys(design.machines)))];
    const cause = `${name} has no role '${machine}'${didYouMean(machine, roles)}`;
    throw new PrecopyError('UNKNOWN_NAME', cause, `its roles are ${roles.join(', ')}`);
  }
  const svg = await statechartsSvg([...drawn.values()]);
  if (out === undefined) process.stdout.write(svg);
  else {
    withWriteErrors(out, () => writeFileSync(out, svg));
    new Output({}).print(`${out}: ${drawn.size} statechart${drawn.size === 1 ? '' : 's'}`);
  }
}
