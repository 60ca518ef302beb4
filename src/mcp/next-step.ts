import type { ErrorBody } from "#core/errors.js";

/** The parts of a refusal that its next step depends on. */
export type Refused = Pick<ErrorBody, "error" | "action_url">;

/** A command in the words of the tools, given what it names. */
type Translation = (names: string[], refused: Partial<Refused>) => string;

/**
 * Our refusals name commands of the CLI, which a client of MCP cannot run: these are the same steps as tools, or as
 * what a person does. The first pattern that fits counts.
 */
const translations: [command: RegExp, inWords: Translation][] = [
  [/^skillett skills$/, () => "Call integration_search without words: it lists the integrations."],
  [
    /^skillett skills ([\w-]+)$/,
    ([slug]) => `Call integration_search with integration ${slug}: it lists the endpoints.`,
  ],
  [
    /^skillett skills ([\w-]+) ([\w-]+)$/,
    ([slug, endpoint]) => `Call integration_describe with integration ${slug} and endpoint ${endpoint}.`,
  ],
  [/^skillett connections$/, () => "Call integration_search without words: it lists the accounts."],
  [/^skillett skill list$/, () => "Call skill_discover: it lists the skills, and which are assigned to you."],
  [
    /^skillett connect ([\w-]+)(?:.* --scopes (\S+))?/,
    ([slug, scopes], refused) => connecting(slug!, scopes, refused),
  ],
];

/** A step of a refusal, as a client of MCP can follow it. A step that is not a command is returned as it is. */
export function nextStep(step: string, refused: Partial<Refused> = {}): string {
  if (!step.startsWith("skillett ")) return step;
  for (const [command, inWords] of translations) {
    const match = command.exec(step);
    if (match) return inWords(match.slice(1), refused);
  }
  return `A person can run this in a terminal: ${step}`;
}

function connecting(
  slug: string,
  scopes: string | undefined,
  { error, action_url }: Partial<Refused>,
): string {
  const where = action_url ?? "the dashboard, under Integrations";
  // An account that is connected already cannot be requested: its owner connects it again, or with more scopes.
  if (scopes !== undefined || error === "token_expired") {
    const asking = scopes === undefined ? "" : `, asking for the scopes ${scopes}`;
    return `Have the person connect their ${slug} account again${asking}: ${where}`;
  }
  return `Ask for it with connector_request, integrationId ${slug}; or have the person connect it: ${where}`;
}
