import { gunzipSync } from 'node:zlib';
import { PrecopyError } from '../../model/errors.ts';
import { maxInputBytes, readInput } from '../files/input-file.ts';

/**
 * Reads a recorded list of pages: one gfn a line, decimal or hexadecimal with 0x, plain or gzipped.
 * @param pages pages of the guest
 * @throws PrecopyError `BAD_FILE`, with the file and the line
 */
export function readRecording(path: string, pages: number): Int32Array {
  const lines = textOf(path).split('\n');
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw new PrecopyError('BAD_FILE', `${path} is empty`, 'give one gfn a line');
  return Int32Array.from(lines, (line, n) => {
    const text = line.trim();
    const gfn = /^(\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
    const wrong = Number.isNaN(gfn)
      ? `'${text.slice(0, 30)}' is not a page number`
      : `page ${gfn} is beyond the ${pages} pages of the guest`;
    if (!(gfn < pages))
      throw new PrecopyError(
        'BAD_FILE',
        `${path}:${n + 1}: ${wrong}`,
        'give one gfn a line, decimal or 0x..., or increase --memory',
      );
    return gfn;
  });
}

function textOf(path: string): string {
  const bytes = readInput(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: 4 * maxInputBytes }).toString('utf8');
  } catch (error) {
    throw new PrecopyError('BAD_FILE', `${path} cannot be unpacked: ${(error as Error).message}`, 'pack it again');
  }
}
