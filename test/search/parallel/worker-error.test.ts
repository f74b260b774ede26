import { describe, expect, it } from 'vitest';
import { PrecopyError } from '../../../src/model/errors.ts';
import { readError, reserveError, writeError } from '../../../src/search/parallel/worker-error.ts';

function throughSharedMemory(error: unknown): Error {
  const memory = reserveError();
  writeError(memory, error);
  return readError(memory);
}

describe('an exception in shared memory', () => {
  it('keeps its name, message and stack', () => {
    const error = new RangeError('größer als 64');
    const { name, message, stack } = throughSharedMemory(error);
    expect({ name, message, stack }).toEqual({ name: 'RangeError', message: error.message, stack: error.stack });
  });

  it('is a PrecopyError again, with code and remedy', () => {
    const error = throughSharedMemory(new PrecopyError('TOO_LARGE', 'the frontier is full', 'give more --max-memory'));
    expect(error).toBeInstanceOf(PrecopyError);
    expect(error).toMatchObject({
      code: 'TOO_LARGE',
      message: 'the frontier is full',
      remedy: 'give more --max-memory',
    });
  });

  it('may be any thrown value, and have any length', () => {
    expect(throughSharedMemory('no error').message).toBe('no error');
    expect(throughSharedMemory(new Error('\u{1f4a5}'.repeat(100_000))).message).toHaveLength(4096);
  });
});
