import { defineConfig } from "vite";

/** The page of `fovea ui`; the server reads it from where it is built to. */
export default defineConfig({
  root: import.meta.dirname,
  // The page may stand behind a proxy's path.
  base: "./",
  logLevel: "warn",
  build: {
    outDir: "../../../dist/ui/client",
    emptyOutDir: true,
    target: "es2022",
    // The page may load nothing but files of its own (Content-Security-Policy).
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
