import type { MemoryModel } from './store-buffer.ts';
import type { ParamSpecs } from './system-types.ts';

/** The parameter that every system has under TSO. */
const storeBufferSize: ParamSpecs = {
  storeBuffer: {
    default: 4,
    min: 1,
    max: 32,
    description: 'maximum number of stores in a store buffer',
    special: true,
  },
};

/** Returns the parameters of a design: those of its system, and that of store buffers. */
export function paramSpecsOf({
  system,
  memoryModel,
}: {
  readonly system: { readonly spec: { readonly params: ParamSpecs } };
  readonly memoryModel?: MemoryModel;
}): ParamSpecs {
  return { ...system.spec.params, ...(memoryModel === 'tso' && storeBufferSize) };
}
