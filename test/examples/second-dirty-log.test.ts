import { expect, it } from 'vitest';
import { designs } from '../../examples/second-dirty-log.ts';
import { explore } from '../support/explore.ts';

const [design, ...mutants] = designs;

it('a second dirty log that each sync merges loses no write', () => {
  const { verdict, covers } = explore(design as never, { emulatingVcpus: 0, loggingOn: 1 });
  expect(verdict).toBe('holds');
  expect(covers).toContainEqual({ id: 'vhost-tells-qemu', hit: true });
});

it.each(mutants.map((mutant) => [mutant.id, mutant] as const))('%s is killed', (_, mutant) => {
  expect(explore(mutant as never).violation?.property).toBe(mutant.mutation?.breaks);
});
