// How the three entries are built: one manifest for the server, wasm and fonts as files, a .gz beside each text asset.
import { gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';

// Node's modules that codecs name but never reach in a browser; without a stub the build dies at run time.
const stub = new URL('./src/lib/absent.ts', import.meta.url).pathname;
const here = new URL('.', import.meta.url).pathname;

export default defineConfig({
  root: here,
  base: '/static/dist/',
  publicDir: false,
  resolve: { alias: { xmlbuilder2: stub, fs: stub, path: stub, events: stub, url: stub } },
  worker: { format: 'es' },
  build: {
    outDir: '../web/static/dist',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 5000,
    modulePreload: { polyfill: false },
    rollupOptions: { input: ['src/reading/main.ts', 'src/worklist/main.ts', 'src/quality/main.ts'] },
  },
  plugins: [
    {
      name: 'precompress',
      apply: 'build',
      generateBundle: {
        order: 'post',
        handler(_options, bundle) {
          for (const [name, file] of Object.entries(bundle)) {
            if (!/\.(js|wasm|css|svg)$/.test(name)) continue;
            const source = file.type === 'chunk' ? file.code : file.source;
            this.emitFile({ type: 'asset', fileName: `${name}.gz`, source: gzipSync(source, { level: 9 }) });
          }
        },
      },
    },
  ],
});
