import { parseArgs } from "node:util";
import { circlesOf, countArrows, countFloors, fileGraph, foldersOf, roomGraph } from "../test/rules/rooms.js";

/**
 * Prints how the folders of src hang together: what stands directly in each (files and folders), the arrows between
 * those, how many floors they make, and circles of files that import each other, types counted as well.
 */

const { positionals } = parseArgs({ allowPositionals: true });
const files = fileGraph();
const folders = foldersOf(files).filter(
  (folder) => positionals.length === 0 || positionals.some((it) => folder.startsWith(it)),
);
print("folder", ["things", "arrows", "floors", "circles"]);
for (const folder of folders) {
  const room = roomGraph(files, folder);
  print(folder, [room.size, countArrows(room), countFloors(room), circlesOf(room).length]);
}
for (const circle of circlesOf(files)) process.stdout.write(`circle of files: ${circle.join(" ")}\n`);

function print(name: string, cells: (string | number)[]): void {
  process.stdout.write(`${name.padEnd(30)}${cells.map((cell) => String(cell).padStart(9)).join("")}\n`);
}
