import type { SymmetrySpec } from './symmetry-spec.ts';
import type { ParamValues, SystemTypes } from './system-types.ts';

/**
 * What `defineSystem` declares: the memory, messages, roles and tags that all machines of a system share.
 * @example
 * const names: string[] = Object.keys(design.system.spec.messages);
 */
export interface SystemSpec<T extends SystemTypes> {
  readonly name: string;
  /** params by name, with default and range */
  readonly params: T['params'];
  /** declares the memory regions, of `shared`, `owned` and `ghost` cells */
  readonly memory: (params: ParamValues<T['params']>) => T['regions'];
  /** messages by type, made with `rendezvous` and `posted` */
  readonly messages: T['messages'];
  /** roles, with their numbers of actors; actors have ids in this order, from 0 */
  readonly actors: T['roles'];
  /** tags that states may have, for properties to ask for */
  readonly tags: readonly T['tag'][];
  /** interchangeable actors, if there are any */
  readonly symmetry?: SymmetrySpec<T['params']>;
}
