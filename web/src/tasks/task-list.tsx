import { useInfiniteQuery } from "@tanstack/react-query";
import { useApi } from "#web/api/api.js";
import { type TaskStatus, tasksQuery } from "#web/api/tasks.js";
import { Button } from "#web/components/button.js";
import { Notice } from "#web/components/notice.js";
import { useNames } from "#web/format/members.js";
import { DecidedTask } from "#web/tasks/decided-task.js";
import { OpenTask } from "#web/tasks/open-task.js";
import type { Outcome } from "#web/tasks/outcome.js";

interface TaskListProps {
  title: string;
  /** Tasks of this status; without one, all that are not open. */
  status: TaskStatus | undefined;
  mayDecide: boolean;
  onDecided: (outcome: Outcome) => void;
}

/** Newest first; more of them when asked for. */
export function TaskList({ title, status, mayDecide, onDecided }: TaskListProps) {
  const nameOf = useNames();
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    tasksQuery(useApi(), status),
  );
  const all = data?.pages.flatMap(({ tasks }) => tasks);
  const tasks = all?.filter((task) => status || task.status !== "pending");
  return (
    <section aria-label={title} className="flex flex-col gap-4">
      <h2 className="mt-2 text-lg leading-tight font-semibold">{title}</h2>
      <Notice error={error} />
      {tasks?.map((task) =>
        task.status === "pending" ? (
          <OpenTask key={task.id} task={task} nameOf={nameOf} mayDecide={mayDecide} onDecided={onDecided} />
        ) : (
          <DecidedTask key={task.id} task={task} nameOf={nameOf} />
        ),
      )}
      {tasks?.length === 0 && !hasNextPage && <Nothing status={status} />}
      {hasNextPage && (
        <Button variant="secondary" busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
          Show older ones
        </Button>
      )}
    </section>
  );
}

/** Without tasks, it says how one comes about. */
function Nothing({ status }: { status: TaskStatus | undefined }) {
  if (status !== "pending") return <p className="text-quiet">None yet.</p>;
  return (
    <p className="text-quiet">
      Nothing waits for a decision. An agent that lacks a skill or an integration asks for it, with the MCP
      tools <code className="font-mono text-sm">skill_request</code> and{" "}
      <code className="font-mono text-sm">connector_request</code> or by the API. What it asks for stands here
      for seven days.
    </p>
  );
}
