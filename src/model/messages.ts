/**
 * How a message travels. A `rendezvous` is taken within the sender's step (a lock request, an ioctl call). A `posted` message waits in
 * the receiver's mailbox until its delivery is chosen (an IPI, a signal); it carries no fields, and a second one from the same sender
 * while the first still waits is the same one, as with an interrupt that is already pending.
 */
export interface MessageSpec<Field extends string = string> {
  readonly delivery: 'rendezvous' | 'posted';
  readonly fields: readonly Field[];
}

export type Messages = Readonly<Record<string, MessageSpec>>;

/** A message taken within the sender's step, with numeric fields of these names. */
export function rendezvous(): MessageSpec<never>;
export function rendezvous<const Field extends string>(...fields: Field[]): MessageSpec<Field>;
export function rendezvous(...fields: string[]): MessageSpec {
  return { delivery: 'rendezvous', fields };
}

/** A message that waits in the receiver's mailbox. */
export const posted = (): MessageSpec<never> => ({ delivery: 'posted', fields: [] });

/** Sends a message of type `type` to actor number `to`. */
export type Send<M extends Messages> = <K extends keyof M & string>(
  type: K,
  to: number,
  ...payload: [M[K]['fields'][number]] extends [never] ? [] : [Readonly<Record<M[K]['fields'][number], number>>]
) => void;

/** How many messages may follow each other by rendezvous in one step before they count as endless. */
export const maxMessages = 10_000;
