import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { replaySchedule } from '../../../src/app/check/replay-schedule.ts';
import { scheduleIn } from '../../../src/app/files/schedule-file.ts';

const file = fileURLToPath(new URL('kvm-trace.txt', import.meta.url));
const replay = async () => replaySchedule(scheduleIn(file));

test('a file without a schedule is refused by its name', async () => {
  await expect(replay()).rejects.toThrow('kvm-trace.txt');
});
