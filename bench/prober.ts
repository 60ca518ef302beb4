import { Agent, request } from "node:http";

/**
 * The second client: asks /health again and again on one connection, in a process of its own, so that it measures the
 * server and not whoever sends the large requests. Told `begin` and `end` by its parent; answers with the longest wait.
 */
const url = `${process.argv[2]}/health`;
const pauseMs = 2;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let maxWait = 0;
let asked = 0;
/** Resolves when the question under way is answered, since it may be the one that waits longest. */
let isOver = false;

function tell(): void {
  process.send!({ maxWait, asked });
  [maxWait, asked] = [0, 0];
  isOver = false;
}

function ask(): void {
  const start = performance.now();
  request(url, { agent }, (response) => {
    response.resume().once("end", () => {
      maxWait = Math.max(maxWait, performance.now() - start);
      asked += 1;
      if (isOver) tell();
      setTimeout(ask, pauseMs);
    });
  })
    .once("error", () => setTimeout(ask, pauseMs))
    .end();
}

process.on("message", (word) => {
  if (word === "end") isOver = true;
  else tell();
});
process.once("disconnect", () => process.exit());
ask();
