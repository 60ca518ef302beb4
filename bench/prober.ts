import { Agent, request } from "node:http";

/**
 * The second client: asks /health again and again on one connection, in a process of its own, so that it measures the
 * server and not whoever sends the large requests. Told `begin` and `end` by its parent; answers with the longest wait.
 */
const url = `${process.argv[2]}/health`;
const pauseMs = 2;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let longest = 0;
let asked = 0;

function ask(): void {
  const start = performance.now();
  request(url, { agent }, (response) => {
    response.resume().once("end", () => {
      longest = Math.max(longest, performance.now() - start);
      asked += 1;
      setTimeout(ask, pauseMs);
    });
  })
    .once("error", () => setTimeout(ask, pauseMs))
    .end();
}

process.on("message", (word) => {
  if (word === "end") process.send!({ longest, asked });
  [longest, asked] = [0, 0];
  if (word === "begin") process.send!({ longest, asked });
});
process.once("disconnect", () => process.exit());
ask();
