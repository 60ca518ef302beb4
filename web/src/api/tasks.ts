import { infiniteQueryOptions } from "@tanstack/react-query";
import type { CallOutput } from "#contract/io.js";
import type { listTasks } from "#contract/tasks.js";
import type { Api } from "#web/api/api.js";

export type Task = CallOutput<typeof listTasks>["tasks"][number];
export type TaskStatus = Task["status"];

const tasksAtOnce = 50;
/** Newest first, page by page; all of them without a status. */
export function tasksQuery({ skillett }: Api, status: TaskStatus | undefined) {
  return infiniteQueryOptions({
    queryKey: ["tasks", status ?? "all"],
    queryFn: ({ pageParam }) =>
      skillett.listTasks({ query: { status, limit: tasksAtOnce, offset: pageParam } }),
    initialPageParam: 0,
    getNextPageParam: ({ total }, pages) => {
      const shown = pages.length * tasksAtOnce;
      return shown < total ? shown : undefined;
    },
  });
}
