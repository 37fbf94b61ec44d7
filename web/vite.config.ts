import { fileURLToPath, URL } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

// DXE_SERVER: where `npm run dev` finds a running shop server.
const server = process.env["DXE_SERVER"] ?? "http://127.0.0.1:8080";
const page = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

// The pages. The widget is built by vite.widget.config.ts: it must be one file with a fixed name.
export default defineConfig({
  plugins: [vue()],
  base: "./", // under whatever path the house stands
  resolve: { alias: { "@": page("./src") } },
  define: { __VUE_OPTIONS_API__: "false" },
  build: {
    target: ["es2020", "safari14"],
    modulePreload: { polyfill: false },
    license: { fileName: "assets/licences.md" }, // of what is bundled: the house serves it
    rollupOptions: {
      input: {
        index: page("./index.html"),
        product: page("./p/index.html"),
        pay: page("./pay/index.html"),
        desk: page("./desk.html"),
      },
    },
  },
  server: {
    proxy: {
      "/api": { target: server, ws: true },
      "/pictures": server,
      "/widget.js": server,
    },
  },
});
