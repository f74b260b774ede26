import { type ErrorCode, PrecopyError } from '../../model/errors.ts';
import { allocateShared } from '../storage/shared-buffer.ts';

/** An exception as plain data, which can be sent to another thread. */
export interface SerializedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  /** of a `PrecopyError` */
  readonly code?: ErrorCode | undefined;
  readonly remedy?: string | undefined;
}

/** Returns an exception as plain data. */
export function serializeError(error: unknown): SerializedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack, code, remedy } = error as Error & Partial<PrecopyError>;
  return { name, message, stack, ...(typeof remedy === 'string' && { code, remedy }) };
}

/** Returns the exception that was serialized, with the stack of the thread that threw it. */
export function deserializeError({ name, message, stack, code, remedy }: SerializedError): Error {
  const error =
    code !== undefined && remedy !== undefined ? new PrecopyError(code, message, remedy) : new Error(message);
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}

const errorBytes = 1 << 16;
const headerBytes = 4;
const maxTextLength = 4096;

/** Allocates shared memory for one exception. */
export const reserveError = (): SharedArrayBuffer => allocateShared(headerBytes + errorBytes);

/** Writes an exception to shared memory. Its message and its stack are cut off after 4096 characters. */
export function writeError(memory: SharedArrayBuffer, error: unknown): void {
  const { message, stack, ...rest } = serializeError(error);
  const text = JSON.stringify({
    ...rest,
    message: message.slice(0, maxTextLength),
    stack: stack?.slice(0, maxTextLength),
  });
  const bytes = new TextEncoder().encode(text);
  new Uint8Array(memory, headerBytes).set(bytes);
  new Int32Array(memory, 0, 1)[0] = bytes.length;
}

/** Reads the exception that `writeError` wrote. */
export function readError(memory: SharedArrayBuffer): Error {
  const length = new Int32Array(memory, 0, 1)[0];
  // A copy, as browsers do not decode shared memory.
  const bytes = new Uint8Array(memory, headerBytes, length).slice();
  return deserializeError(JSON.parse(new TextDecoder().decode(bytes)));
}
