/** `npm run shared-clear`: writes docs/shared-clear.md, whose table has the verdict on each combination of orders. */
import { writeFileSync } from 'node:fs';
import { sharedClearPage } from './shared-clear/page.ts';

writeFileSync('docs/shared-clear.md', sharedClearPage());
