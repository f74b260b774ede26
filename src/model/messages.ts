/**
 * A type of message. A `rendezvous` message (a lock request, an ioctl call) is taken within the step of the sender. A
 * `posted` message (an IPI, a signal) is pending in the mailbox of the receiver until its delivery is chosen. It has no
 * fields, and is not sent again while a message from the same sender is pending, like an interrupt.
 * @example
 * const request: MessageSpec<'gfn'> = rendezvous('gfn');
 */
export interface MessageSpec<Field extends string = string> {
  /** taken within the step of the sender, or pending until a state takes it */
  readonly delivery: 'rendezvous' | 'posted';
  /** names of the numbers that it carries */
  readonly fields: readonly Field[];
  /**
   * How the message is ordered with earlier stores of the sender. `barrier`: all of them reach memory first, as with an
   * IPI or a lock that is taken. `store`: the message is a plain store behind them in the store buffer, as with
   * `spin_unlock` on x86. `call`: not at all, since sender and receiver are one thread.
   */
  readonly ordering: 'barrier' | 'store' | 'call';
}

export type Messages = Readonly<Record<string, MessageSpec>>;

/**
 * Declares a message that is taken within the step of the sender, with numeric fields of these names. A receiver
 * without a transition for it violates `well-formed`.
 * @example
 * messages: { LOCK: rendezvous(), PAGE: rendezvous('gfn') }
 */
export function rendezvous(): MessageSpec<never>;
export function rendezvous<const Field extends string>(...fields: Field[]): MessageSpec<Field>;
export function rendezvous(...fields: string[]): MessageSpec {
  return { delivery: 'rendezvous', fields, ordering: 'barrier' };
}

/**
 * Declares a message that is pending in the mailbox of the receiver until a state takes it. It has no fields. A second
 * one of the same type from the same sender is identified with a pending one.
 * @example
 * messages: { IPI: posted() }
 */
export const posted = (): MessageSpec<never> => ({ delivery: 'posted', fields: [], ordering: 'barrier' });

/**
 * Declares a message that is a plain store: under TSO it is sent when it leaves the store buffer of the sender.
 * @example
 * messages: { UNLOCK: asStore(rendezvous()) }
 */
export const asStore = (message: MessageSpec<never>): MessageSpec<never> => ({ ...message, ordering: 'store' });

/**
 * Declares a message that is a call within one thread: earlier stores of the sender may become visible after it.
 * @example
 * messages: { IOCTL: asCall(rendezvous()) }
 */
export const asCall = <Field extends string>(message: MessageSpec<Field>): MessageSpec<Field> => ({
  ...message,
  ordering: 'call',
});

/** Sends a message of type `type` to the actor with id `to`. */
export type Send<M extends Messages> = <K extends keyof M & string>(
  type: K,
  to: number,
  ...payload: [M[K]['fields'][number]] extends [never] ? [] : [Readonly<Record<M[K]['fields'][number], number>>]
) => void;

/** Maximum number of rendezvous messages in one step. More of them count as an endless loop. */
export const maxMessagesPerStep = 10_000;

/** A message in transit. */
export interface Envelope {
  readonly type: string;
  readonly from: number;
  readonly to: number;
  readonly fields: Readonly<Record<string, number>>;
}
