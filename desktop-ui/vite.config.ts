import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// WebKitGTK 2.46 and WebView2 both understand light-dark() and oklch(), so nothing is rewritten for older engines.
const engines = ['safari18', 'chrome125'];

export default defineConfig(({ mode }) => ({
  plugins: [react()],
  clearScreen: false,
  server: { port: 1420, strictPort: true, host: 'localhost' },
  build: {
    target: engines,
    cssTarget: engines,
    // The page over the scripted host is for pictures and manual looks; it never goes into the product.
    outDir: mode === 'fake' ? 'dist-fake' : 'dist',
    emptyOutDir: true,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { input: mode === 'fake' ? 'fake.html' : 'index.html' },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    // A whole window in jsdom is slow on a busy machine; no test waits by the clock.
    testTimeout: 30_000,
    css: { include: /.+/u, modules: { classNameStrategy: 'non-scoped' } },
  },
}));
