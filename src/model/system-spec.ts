import type { SymmetrySpec } from './symmetry-spec.ts';
import type { ParamValues, SystemTypes } from './system-types.ts';

/**
 * A system: the memory, messages, roles and tags that its machines share.
 * @example
 * const names: string[] = Object.keys(design.system.spec.messages);
 */
export interface SystemSpec<T extends SystemTypes> {
  readonly name: string;
  readonly params: T['params'];
  readonly memory: (params: ParamValues<T['params']>) => T['regions'];
  readonly messages: T['messages'];
  readonly actors: T['roles'];
  readonly tags: readonly T['tag'][];
  /** interchangeable actors, if there are any */
  readonly symmetry?: SymmetrySpec<T['params']>;
}
