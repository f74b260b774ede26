import type { KvmView } from '../machines/system.ts';

/** States an invariant for each page. */
export const eachPage = { field: 'gfn', size: ({ pages }: KvmView['params']): number => pages };
