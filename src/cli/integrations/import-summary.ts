import { quoted } from "#cli/terminal/shell-words.js";
import type { Contract } from "#contract/contract.js";
import type { CallOutput } from "#contract/io.js";

export type ImportReply = CallOutput<Contract["importIntegration"]>;

const maxNamed = 8;

/** An import in a few lines for a person; the JSON has all of it. */
export function importSummary(reply: ImportReply, isDryRun: boolean): string {
  if (reply.problems.length > 0) return `${problemLines(reply).join("\n")}\n`;
  return `${[...counts(reply, isDryRun), ...differences(reply), ...leftOut(reply), ...gains(reply), ...next(reply, isDryRun)].join("\n")}\n`;
}

/** As compilers print them: file, line, message. */
export function problemLines({ problems }: Pick<ImportReply, "problems">): string[] {
  return problems.map(({ file, line, message }) => `${line === null ? file : `${file}:${line}`}: ${message}`);
}

function counts(
  { integration: slug, created, endpoints: { on, off } }: ImportReply,
  isDryRun: boolean,
): string[] {
  const verb = isDryRun ? "Would be" : "Is";
  const kind = created ? "new" : "imported anew";
  const why = created ? "what writes is off until you switch it on" : "off until you switch them on";
  return [
    `${slug} ${verb.toLowerCase()} ${kind}: ${on} endpoints on, ${off} off${off > 0 ? ` (${why})` : ""}.`,
  ];
}

function differences({ created, diff }: ImportReply): string[] {
  if (created) return [];
  const { added, removed, changed, renamed } = diff;
  const lines = [
    list("New, and off", added),
    list(
      "Changed, and off",
      changed.map(({ name, what }) => `${name} (${what.join(", ")})`),
    ),
    list("Gone", removed),
    list(
      "Renamed, and answering to the old name",
      renamed.map(({ from, to }) => `${from} → ${to}`),
    ),
  ].flat();
  return lines.length > 0 ? lines : ["Nothing differs from before."];
}

function list(label: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > maxNamed ? `, and ${names.length - maxNamed} more` : "";
  return [`${label}: ${names.slice(0, maxNamed).join(", ")}${more}.`];
}

function leftOut({ report }: ImportReply): string[] {
  const lines = report.left_out.map(({ what, count, examples }) => {
    const more = count > examples.length ? ", …" : "";
    return `  ${count} × ${what}: ${examples.slice(0, 3).join(", ")}${more}`;
  });
  return [...(lines.length > 0 ? ["Not carried over:", ...lines.slice(0, maxNamed)] : []), ...report.notes];
}

function gains({ gains: keys, created }: ImportReply): string[] {
  const lines = keys.map(({ key, endpoints, by }) => `  ${key}: ${endpoints}, by its scope ${by.join(", ")}`);
  if (lines.length === 0) return [];
  return [
    created ? "Keys that may call what is on:" : "Keys that will be able to call more, once it is on:",
    ...lines.slice(0, maxNamed),
  ];
}

function next({ integration: slug, created, endpoints, diff }: ImportReply, isDryRun: boolean): string[] {
  if (isDryRun) return [];
  const [first] = [...diff.changed.map(({ name }) => name), ...diff.added];
  return [
    "Next:",
    ...(created ? [`  skillett connect ${slug}`] : []),
    `  skillett integrations list ${slug}`,
    ...(endpoints.off > 0
      ? [`  skillett integrations enable ${slug} ${quoted(created ? "<endpoint>" : (first ?? "<endpoint>"))}`]
      : []),
  ];
}
