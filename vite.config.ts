import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';

/** Builds the pages of src/web into dist/web. `npm run prepare` calls it. */
export default defineConfig({
  root: 'src/web',
  base: './',
  plugins: [solid()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    rolldownOptions: { input: ['src/web/explorer.html'] },
  },
});
