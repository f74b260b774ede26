import type { AnyDesign } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import { resolveTargets, type Target } from '../designs/design-registry.ts';
import { loadDesigns, loadedFilesWith } from '../designs/load-designs.ts';
import type { DesignRef } from './worker-protocol.ts';

/** Names a design for another thread. */
export const refTo = ({ design, file }: Target): DesignRef => ({
  design: design.id,
  file,
  loaded: file === undefined ? undefined : loadedFilesWith(file),
});

/**
 * Imports the design that another thread names.
 * @throws PrecopyError `BAD_FILE` if its file, or what that depended on, has changed since the other thread loaded it
 */
export async function designFor({ design, file, loaded }: DesignRef): Promise<AnyDesign> {
  for (const path of loaded?.paths ?? []) await loadDesigns(path);
  if (file !== undefined && loaded && loadedFilesWith(file)?.hash !== loaded.hash) {
    throw new PrecopyError('BAD_FILE', `${file}, or what it reads, has changed since the start`, 'start again');
  }
  const target = (await resolveTargets([file ?? design])).find(({ design: { id } }) => id === design);
  if (!target) throw new PrecopyError('BAD_FILE', `${file ?? design} no longer exports ${design}`, 'start again');
  return target.design;
}
