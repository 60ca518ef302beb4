import type { Task, TaskStatus } from "#web/api/tasks.js";
import { Card } from "#web/components/page.js";
import type { NameOf } from "#web/format/members.js";
import { Reason } from "#web/tasks/reason.js";
import { askInWords, decisionInWords } from "#web/tasks/text.js";

const colors: Record<TaskStatus, string> = {
  pending: "",
  approved: "text-good",
  rejected: "text-wrong",
  expired: "text-quiet",
  withdrawn: "text-quiet",
};

/** How it ended, and who said so. */
export function DecidedTask({ task, nameOf }: { task: Task; nameOf: NameOf }) {
  return (
    <Card>
      <article className="flex flex-col gap-2">
        <h3 className="font-semibold break-words">{askInWords(task, nameOf)}</h3>
        <Reason>{task.reason}</Reason>
        <p className={`break-words ${colors[task.status]}`}>{decisionInWords(task, nameOf)}</p>
        {task.note !== null && (
          <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
            <span className="text-quiet">Note: </span>
            {task.note}
          </p>
        )}
      </article>
    </Card>
  );
}
