import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type Me, meQuery, useApi } from "#web/api/api.js";
import { membersQuery } from "#web/api/members.js";
import type { TaskStatus } from "#web/api/tasks.js";
import { Choice } from "#web/components/choice.js";
import { Notice } from "#web/components/notice.js";
import { Page } from "#web/components/page.js";
import { decidersInWords } from "#web/format/members.js";
import { type Outcome, OutcomeNote } from "#web/tasks/outcome.js";
import { TaskList } from "#web/tasks/task-list.js";

const route = getRouteApi("/signed-in/dashboard/tasks");

const filters = [
  ["", "Open ones first, then the others"],
  ["pending", "Open"],
  ["approved", "Approved"],
  ["rejected", "Rejected"],
  ["expired", "Expired"],
  ["withdrawn", "Taken back"],
] as const;

/** The requests of agents, which people decide. */
export function TasksPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const api = useApi();
  const me = useQuery(meQuery(api));
  const [outcome, setOutcome] = useState<Outcome>({});
  const status = filters.find(([value]) => value && value === search.status)?.[0] as TaskStatus | undefined;
  const mayDecide = me.data?.permissions.includes("tasks:decide") === true;
  const lists = { mayDecide, onDecided: setOutcome };

  return (
    <Page title="Tasks">
      <Choice
        label="Show"
        options={filters}
        value={status ?? ""}
        onChange={({ target }) =>
          navigate({ search: target.value ? { status: target.value } : {}, replace: true })
        }
      />
      <OutcomeNote outcome={outcome} />
      <Notice error={me.error} />
      {me.data && <WhoDecides me={me.data} />}
      {status ? (
        <TaskList
          key={status}
          title={filters.find(([value]) => value === status)![1]}
          {...lists}
          status={status}
        />
      ) : (
        <>
          <TaskList title="Open" status="pending" {...lists} />
          <TaskList title="Decided" status={undefined} {...lists} />
        </>
      )}
    </Page>
  );
}

/** Says whose tasks these are, if the person has several tenants, and who decides them, if the person may not. */
function WhoDecides({ me }: { me: Me }) {
  const mayDecide = me.permissions.includes("tasks:decide");
  const members = useQuery({ ...membersQuery(useApi(), me.tenantId), enabled: !mayDecide });
  const tenant = me.tenants.find(({ id }) => id === me.tenantId)?.name;
  return (
    <>
      {me.tenants.length > 1 && (
        <p className="text-sm break-words text-quiet">
          Of the tenant {tenant}. You can switch to another one on your account page.
        </p>
      )}
      {!mayDecide && members.data && (
        <p className="break-words">
          You can see these, but not decide them. Who can: {decidersInWords(members.data.members)}.
        </p>
      )}
      <Notice error={members.error} />
    </>
  );
}
