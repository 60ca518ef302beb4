import { SkillettError } from "#core/errors.js";
import type { ToolChange } from "#core/tool-change.js";
import type { Transaction } from "#store/engine/database.js";
import type { NamedTask } from "#store/task-rows.js";
import { type SeenTool, switchOnTool } from "#store/tool-approval.js";

const pinLength = 16;

/** `tracker/find_tickets@0123456789abcdef`: another change of the same tool is another task. */
export const subjectOf = ({ integration, endpoint, pin }: ToolChange) =>
  `${integration}/${endpoint}@${pin.slice(0, pinLength)}`;

/** The parts of such a subject. */
export function readSubject(subject: string): Omit<SeenTool, "tenant_id"> {
  const [, slug = "", name = "", pin = ""] = /^([^/]*)\/([^@]*)@([0-9a-f]*)$/.exec(subject) ?? [];
  return { slug, name, pin };
}

/** Takes the version of the tool that the task shows. @throws conflict when there is another one by now */
export async function approveTool(
  transaction: Transaction,
  { tenant_id, subject }: NamedTask,
): Promise<void> {
  const tool = readSubject(subject);
  if (await switchOnTool(transaction, { tenant_id, ...tool })) return;
  throw new SkillettError("conflict", {
    message: `${tool.slug} ${tool.name} is gone, or has changed again since. Reject the request, and look at the newer one.`,
    next: [`skillett integrations list ${tool.slug}`],
  });
}
