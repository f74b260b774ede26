import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scheduleIn } from '../../../src/app/files/schedule-file.ts';
import { PrecopyError } from '../../../src/model/errors.ts';
import { folderWith } from '../../cli/precopy.ts';

describe('a file with a schedule', () => {
  it.each([
    ['designs are no list', { format: 'precopy-check', designs: 5 }],
    ['an entry is null', { format: 'precopy-check', designs: [null] }],
    [
      'a schedule is no text',
      { format: 'precopy-check', designs: [{ design: 'x', counterexample: { schedule: {} } }] },
    ],
    ['a trace has no schedule', { format: 'precopy-trace', schedule: 1 }],
  ])('is refused if %s', (_, document) => {
    const folder = folderWith({ 'report.json': JSON.stringify(document) });
    expect(() => scheduleIn(join(folder, 'report.json'))).toThrow(PrecopyError);
  });
});
