import { readdirSync } from "node:fs";
import { fileURLToPath, URL } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin } from "vite";

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

// Set after the minifier, which throws comments away.
const notice = (told: string): Plugin => ({
  name: "notice",
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === "chunk") file.code = `/*! ${told} */\n${file.code}`;
    }
  },
});

/** The panel's file, which the first of the two builds has made. */
function panelFile(): string {
  const found = readdirSync(path("./dist/assets")).filter((name) => /^panel-[\w-]+\.js$/.test(name));
  if (found.length !== 1) throw new Error(`one panel is wanted in dist/assets, there are ${found.length}`);
  return found[0]!;
}

// `--mode panel`, then `--mode loader`. The loader is one classic script with a fixed name, so that a
// single <script> tag puts it on any page; the panel is a module that it fetches from assets/.
export default defineConfig(({ mode }) => ({
  plugins: [
    vue(),
    notice(mode === "panel" ? "Dianxiaoer (Apache-2.0) with Vue (MIT): see licences.md beside it" : "Dianxiaoer, Apache-2.0"),
  ],
  resolve: { alias: { "@": path("./src") } },
  define: {
    "process.env.NODE_ENV": '"production"',
    __VUE_OPTIONS_API__: "false",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    ...(mode === "loader" ? { __PANEL__: JSON.stringify(panelFile()) } : {}),
  },
  // Old shop pages are not in UTF-8 and read a script as they read themselves: escapes are safe.
  esbuild: { charset: "ascii" },
  build: {
    target: ["es2020", "safari14"],
    emptyOutDir: false, // the pages are already there
    copyPublicDir: false,
    minify: "esbuild",
    ...(mode === "panel"
      ? {
          rollupOptions: {
            input: path("./src/widget/panel.ts"),
            preserveEntrySignatures: "strict" as const, // the loader calls what it exports
            output: { format: "es" as const, entryFileNames: "assets/panel-[hash].js" },
          },
        }
      : {
          lib: {
            entry: path("./src/widget/main.ts"),
            formats: ["iife" as const],
            name: "dianxiaoerWidget",
            fileName: () => "widget.js",
          },
        }),
  },
}));
