import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The window. Both of its hosts serve it from the root of an origin of its own (`http://127.0.0.1:port/`, `app://desk/`), so that every view's address can be reloaded. */
export default defineConfig({
  root: path.join(import.meta.dirname, 'renderer'),
  base: '/',
  plugins: [react()],
  build: {
    outDir: path.join(import.meta.dirname, 'out/renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    sourcemap: true,
    // Inlined pictures and fonts would need `data:` in the policy for every kind of file.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1_100,
    // What pages share comes in two files instead of a hundred: a start asked for each of them.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'packages', test: /[\\/]node_modules[\\/]/, priority: 1 }, { name: 'shared', minShareCount: 2 }] } } },
  },
});
