import type { Task } from "#web/api/tasks.js";
import { Code } from "#web/components/code.js";
import { Facts } from "#web/components/facts.js";
import { Card } from "#web/components/page.js";
import type { NameOf } from "#web/format/members.js";
import { momentInWords } from "#web/format/moment.js";
import { Decision } from "#web/tasks/decision.js";
import type { Outcome } from "#web/tasks/outcome.js";
import { Reason } from "#web/tasks/reason.js";
import { approvalInWords, askerInWords, askInWords, hasIntegration } from "#web/tasks/text.js";

interface OpenTaskProps {
  task: Task;
  nameOf: NameOf;
  mayDecide: boolean;
  onDecided: (outcome: Outcome) => void;
}

/** Shows which agent asks, for what and why; then the person decides. */
export function OpenTask({ task, nameOf, mayDecide, onDecided }: OpenTaskProps) {
  const title = askInWords(task, nameOf);
  return (
    <Card>
      <article className="flex flex-col gap-4">
        <h3 className="font-semibold break-words">{title}</h3>
        <Reason>{task.reason}</Reason>
        <Facts
          facts={{
            "Asked by": askerInWords(task, nameOf),
            Since: momentInWords(task.createdAt),
            Until: momentInWords(task.expiresAt),
          }}
        />
        {mayDecide && (
          <>
            <div className="flex flex-col gap-2 text-sm text-quiet">
              <p className="break-words">{approvalInWords(task, nameOf)}</p>
              {hasIntegration(task) && <Code>{`skillett connect ${task.subject}`}</Code>}
            </div>
            <Decision task={task} title={title} nameOf={nameOf} onDecided={onDecided} />
          </>
        )}
      </article>
    </Card>
  );
}
