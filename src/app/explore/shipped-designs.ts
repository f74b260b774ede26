import { designs } from '../../../machines/designs/index.ts';
import { mutants } from '../../../machines/mutants/index.ts';
import type { AnyDesign } from '../../model/design.ts';

/** The designs that every explorer has. */
export const shippedDesigns: readonly AnyDesign[] = [...designs, ...mutants];
