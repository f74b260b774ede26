/**
 * How a message travels. A `rendezvous` is taken within the sender's step (a lock request, an ioctl call). A `posted` message waits in
 * the receiver's mailbox until its delivery is chosen (an IPI, a signal); it carries no fields, and a second one from the same sender
 * while the first still waits is the same one, as with an interrupt that is already pending.
 */
export interface MessageSpec<Field extends string = string> {
  readonly delivery: 'rendezvous' | 'posted';
  readonly fields: readonly Field[];
  /**
   * What sending it is to the memory model. `barrier`, unless told: a locked operation, before which all earlier stores of the sender reach
   * memory, as with a lock that is taken or an IPI. `store`: a plain store that waits in the store buffer behind those, as with
   * `spin_unlock` on x86. `call`: nothing, as the sender and the receiver are one thread.
   */
  readonly ordering: 'barrier' | 'store' | 'call';
}

export type Messages = Readonly<Record<string, MessageSpec>>;

/** A message taken within the sender's step, with numeric fields of these names. */
export function rendezvous(): MessageSpec<never>;
export function rendezvous<const Field extends string>(...fields: Field[]): MessageSpec<Field>;
export function rendezvous(...fields: string[]): MessageSpec {
  return { delivery: 'rendezvous', fields, ordering: 'barrier' };
}

/** A message that waits in the receiver's mailbox. */
export const posted = (): MessageSpec<never> => ({ delivery: 'posted', fields: [], ordering: 'barrier' });

/** The same message as a plain store: under TSO it leaves when it comes out of the store buffer of its sender. */
export const asStore = (message: MessageSpec<never>): MessageSpec<never> => ({ ...message, ordering: 'store' });

/** The same message as a call within one thread: earlier stores of the sender may be visible later than it. */
export const asCall = <Field extends string>(message: MessageSpec<Field>): MessageSpec<Field> => ({
  ...message,
  ordering: 'call',
});

/** Sends a message of type `type` to actor number `to`. */
export type Send<M extends Messages> = <K extends keyof M & string>(
  type: K,
  to: number,
  ...payload: [M[K]['fields'][number]] extends [never] ? [] : [Readonly<Record<M[K]['fields'][number], number>>]
) => void;

/** How many messages may follow each other by rendezvous in one step before they count as endless. */
export const maxMessages = 10_000;
