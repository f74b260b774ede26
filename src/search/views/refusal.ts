import { PrecopyError } from '../../model/errors.ts';

/** Returns the error for a design that cannot be proved for any number of processes, and why. */
export const refuse = (design: string, reason: string): PrecopyError =>
  new PrecopyError('NOT_SOUND', `${design} is not proved for any number: ${reason}`, 'check it at fixed params');
