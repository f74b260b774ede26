import type { Messages } from './messages.ts';

/** A system as its machines refer to it: by its names, and by the definitions that it was made from. */
export interface SystemLineage {
  readonly spec: { readonly name: string; readonly messages: Messages; readonly tags: readonly string[] };
  readonly layers: readonly { readonly name: string }[];
}

/** Returns the first layer of one system that another does not have; undefined if the other one extends it. */
export const missingLayer = (part: SystemLineage, whole: SystemLineage): { readonly name: string } | undefined =>
  part.layers.find((layer) => !whole.layers.includes(layer));
