// With `isolatedDeclarations` the exports of a file need types. Those of a design are short; systems and machines of
// one's own stay in the file, or their types are derived.
import { type AnyDesign, type Design, defineDesign, defineMutant } from 'precopy';
import { type Kvm, rmapXchg } from 'precopy/kvm';

export const design: Design<Kvm> = defineDesign({ ...rmapXchg, id: 'mine' });

const mutant = defineMutant(design, 'same', { bug: 'none', breaks: 'no-lost-write', machines: {} });

export const designs: readonly AnyDesign[] = [design, mutant];
