import { parseArgs } from "node:util";
import { circlesOf, countArrows, countFloors, fileGraph, foldersOf, roomGraph } from "../test/rules/rooms.js";

/**
 * Prints how the folders of src hang together: what stands directly in each (files and folders), the arrows between
 * those, how many floors they make, and circles of files that import each other, types counted as well.
 */

const { positionals } = parseArgs({ allowPositionals: true });
const files = fileGraph();
const wanted = foldersOf(files).filter(
  (folder) => positionals.length === 0 || positionals.some((it) => folder.startsWith(it)),
);
console.log([`${"folder".padEnd(30)}`, "things", "arrows", "floors", "circles"].join("  "));
for (const folder of wanted) {
  const room = roomGraph(files, folder);
  const cells = [room.size, countArrows(room), countFloors(room), circlesOf(room).length];
  console.log([folder.padEnd(30), ...cells.map((cell) => String(cell).padStart(6))].join("  "));
}
for (const circle of circlesOf(files)) console.log(`circle of files: ${circle.join(" ")}`);
