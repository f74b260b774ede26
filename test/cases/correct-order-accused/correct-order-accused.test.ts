import type { AnyDesign, Property } from 'precopy';
import { expect, test } from 'vitest';
import { explore } from '../../support/explore.ts';
import { chunkedCleared, flushesBeforeReturn, returnsBeforeFlush } from './design.ts';

const brokenProperty = (design: AnyDesign): string | undefined =>
  explore(design, { vcpus: 1, pages: 1, emulatingVcpus: 1 }).violation?.property;
const lossProperties = ['final-image', 'no-lost-write', 'protected-on-return'];
const onlyLossProperties = (design: AnyDesign): AnyDesign => ({
  ...design,
  properties: design.properties.filter(({ id }: Property) => lossProperties.includes(id)),
});

test.each([flushesBeforeReturn, chunkedCleared])('$id loses no write', (design) => {
  expect(brokenProperty(onlyLossProperties(design))).toBeUndefined();
});

test.each([flushesBeforeReturn, chunkedCleared])('$id loses no write, so no property accuses it', (design) => {
  expect(brokenProperty(design)).toBeUndefined();
});

test('an order that loses writes breaks a property that says which rule it breaks', () => {
  expect(['logged-or-protected', ...lossProperties]).toContain(brokenProperty(returnsBeforeFlush));
});
