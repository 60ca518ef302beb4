import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "#web/api/api.js";
import type { Task } from "#web/api/tasks.js";
import { Button } from "#web/components/button.js";
import { Field } from "#web/components/field.js";
import type { NameOf } from "#web/format/members.js";
import type { Outcome } from "#web/tasks/outcome.js";
import { outcomeInWords } from "#web/tasks/text.js";

interface DecisionProps {
  task: Task;
  title: string;
  nameOf: NameOf;
  onDecided: (outcome: Outcome) => void;
}

export function Decision({ task, title, nameOf, onDecided }: DecisionProps) {
  const { skillett } = useApi();
  const queries = useQueryClient();
  const [note, setNote] = useState("");
  const decide = useMutation({
    mutationFn: (how: "approveTask" | "rejectTask") =>
      skillett[how]({ params: { id: task.id }, body: note.trim() === "" ? {} : { note: note.trim() } }),
    // It may have been decided by somebody else, and an approval changes what agents have.
    onSettled: () =>
      Promise.all(["tasks", "agents"].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
    onSuccess: (decided) => onDecided({ message: outcomeInWords(decided.task, nameOf) }),
    onError: (error) => onDecided({ error }),
  });
  return (
    <div className="flex flex-col">
      <Field
        name={`note-${task.id}`}
        label="Note (optional)"
        hint="The agent can read it."
        value={note}
        onChange={({ target }) => setNote(target.value)}
        maxLength={2000}
      />
      <div className="mt-2 flex flex-wrap gap-3">
        <Button
          className="grow"
          busy={decide.isPending}
          aria-label={`Approve: ${title}`}
          onClick={() => decide.mutate("approveTask")}
        >
          Approve
        </Button>
        <Button
          className="grow"
          variant="secondary"
          busy={decide.isPending}
          aria-label={`Reject: ${title}`}
          onClick={() => decide.mutate("rejectTask")}
        >
          Reject
        </Button>
      </div>
    </div>
  );
}
