import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { removeCheckpoints, takeOverCheckpoint } from '../../../src/app/campaign/checkpoint-handover.ts';
import { emptyFolder } from '../../cli/precopy.ts';

it('a worker takes over the checkpoint of one before it, without the lock of that one', () => {
  const campaign = emptyFolder();
  const before = join(campaign, 'checkpoints/abc/dead');
  mkdirSync(before, { recursive: true });
  writeFileSync(join(before, 'rmap-xchg.checkpoint'), 'states');
  writeFileSync(join(before, 'rmap-xchg.checkpoint.lock'), '1 2 another-machine');
  const own = takeOverCheckpoint(campaign, 'abc', 'me');
  expect(readdirSync(own)).toEqual(['rmap-xchg.checkpoint']);
  expect(readFileSync(join(own, 'rmap-xchg.checkpoint'), 'utf8')).toBe('states');
  expect(existsSync(before)).toBe(false);
});

it('a shard that has a result keeps no checkpoint', () => {
  const campaign = emptyFolder();
  mkdirSync(join(campaign, 'checkpoints'));
  takeOverCheckpoint(campaign, 'abc', 'me');
  removeCheckpoints(campaign, 'abc');
  expect(readdirSync(join(campaign, 'checkpoints'))).toEqual([]);
});
