import { mkdirSync } from "node:fs";
import { loadCatalog, readCatalog } from "#catalog/load/load.js";
import { createFolderCache } from "#integrations/folder-cache.js";

const dirs = ["integrations", ...(process.argv[2] ? [process.argv[2]] : [])];
mkdirSync("/tmp/format/data", { recursive: true });
const mem = () => {
  gc!();
  gc!();
  const m = process.memoryUsage();
  return (m.heapUsed + m.external) / 1e6;
};
await import("#search/english.js");
const m0 = mem();
let t = performance.now();
let c0 = process.cpuUsage();
const cache = createFolderCache({ directory: "/tmp/format/data/catalog-cache", program: "x" });
const files = readCatalog(dirs, cache.readFolder);
const t1 = performance.now();
const cat = loadCatalog({ dirs, baseUrls: {} }, files);
const c1 = process.cpuUsage(c0);
console.log(
  "read",
  (t1 - t).toFixed(0),
  "catalog",
  (performance.now() - t1).toFixed(0),
  "cpu",
  ((c1.user + c1.system) / 1000) | 0,
  "mem",
  (mem() - m0).toFixed(1),
);
await cache.save();
const m1 = mem();
c0 = process.cpuUsage();
t = performance.now();
await cat.prepareSearch();
const c2 = process.cpuUsage(c0);
console.log(
  "search index",
  (performance.now() - t).toFixed(0),
  "cpu",
  ((c2.user + c2.system) / 1000) | 0,
  "mem",
  (mem() - m1).toFixed(1),
);
