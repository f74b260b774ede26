import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // precopy comes as TypeScript: vitest has to transform it, wherever it is installed.
    server: { deps: { inline: ['precopy'] } },
  },
});
