import { fileURLToPath, URL } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin } from "vite";

// Set after the minifier, which throws comments away.
const notice: Plugin = {
  name: "notice",
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "chunk") continue;
      file.code = `/*! Dianxiaoer (Apache-2.0) with Vue (MIT): see assets/licences.md beside it */\n${file.code}`;
    }
  },
};

// One classic script with everything in it, so that a single <script> tag puts it on any page.
export default defineConfig({
  plugins: [vue(), notice],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  define: {
    "process.env.NODE_ENV": '"production"',
    __VUE_OPTIONS_API__: "false",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
  // Old shop pages are not in UTF-8 and read a script as they read themselves: escapes are safe.
  esbuild: { charset: "ascii" },
  build: {
    target: ["es2020", "safari14"],
    emptyOutDir: false, // the pages are already there
    copyPublicDir: false,
    lib: {
      entry: fileURLToPath(new URL("./src/widget/main.ts", import.meta.url)),
      formats: ["iife"],
      name: "dianxiaoerWidget",
      fileName: () => "widget.js",
    },
  },
});
