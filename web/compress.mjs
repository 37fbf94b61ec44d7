/** Packs what was built once, so that the house sends it packed: name.gz and name.br beside name. */

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const SMALLEST = 512; // bytes; below that a packet is a packet

for (const name of readdirSync("dist", { recursive: true })) {
  const path = join("dist", name);
  if (!/\.(js|css|html|svg)$/.test(name) || statSync(path).size < SMALLEST) continue;
  const content = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}
