import { Agent, request } from "node:http";

/**
 * The second client: asks /health again and again on one connection, in a process of its own, so that it measures the
 * server and not the client of the large requests. Its parent sends `begin` and `end`; it replies with the longest
 * wait.
 */
const url = `${process.argv[2]}/health`;
const pauseMs = 2;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let maxWait = 0;
let asked = 0;
/** Whether the parent has sent `end`: the report waits for the answer under way, which may take longest of all. */
let isEnding = false;

function tell(): void {
  process.send!({ maxWait, asked });
  [maxWait, asked] = [0, 0];
  isEnding = false;
}

function ask(): void {
  const start = performance.now();
  request(url, { agent }, (response) => {
    response.resume().once("end", () => {
      maxWait = Math.max(maxWait, performance.now() - start);
      asked += 1;
      if (isEnding) tell();
      setTimeout(ask, pauseMs);
    });
  })
    .once("error", () => setTimeout(ask, pauseMs))
    .end();
}

process.on("message", (word) => {
  if (word === "end") isEnding = true;
  else tell();
});
process.once("disconnect", () => process.exit());
ask();
