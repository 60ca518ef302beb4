import { createRedactor } from "#upstream/redact.js";

/**
 * Measures the time of masking a credential, as a ratio to parsing the same answer as JSON: for an ordinary answer,
 * and for the costliest ones, in which everything is an escape. `npx tsx bench/redact.ts`
 */

const token = `ghp_${"aB3dE5gH7jK9mN1pQ2sT4vW6xY8zA0cD1eF3"}`;
const issue = {
  id: 1,
  title: 'A bug & "more"',
  body: "I have a problem with this.\n".repeat(6),
  url: "https://api.github.com/repos/octocat/hello?x=%20y",
};

const answers: Record<string, (bytes: number) => string> = {
  "issues of GitHub": (bytes) => JSON.stringify(Array(Math.ceil(bytes / 330)).fill(issue)),
  "escapes of URLs": (bytes) => JSON.stringify("%41".repeat(bytes / 3)),
  "escapes of JSON": (bytes) => `"${"\\u0061".repeat(bytes / 6)}"`,
  "escapes of HTML": (bytes) => JSON.stringify("&amp;".repeat(bytes / 5)),
};

function medianMs(work: () => void): number {
  for (let warm = 0; warm < 20; warm++) work();
  const times = Array.from({ length: 31 }, () => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  });
  return times.sort((a, b) => a - b)[15]!;
}

for (const [name, write] of Object.entries(answers)) {
  for (const bytes of [2_000, 50_000, 1_000_000]) {
    const answer = Buffer.from(write(bytes));
    const masking = medianMs(() => createRedactor([token]).buffer(answer));
    const parsing = medianMs(() => JSON.parse(answer.toString()));
    process.stdout.write(`${name}, ${bytes} bytes: ${(masking / parsing).toFixed(1)} times parsing\n`);
  }
}
