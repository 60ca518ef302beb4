import { queryOptions } from "@tanstack/react-query";
import type { CallOutput } from "#contract/io.js";
import type { listSkills } from "#contract/skills.js";
import type { Api } from "#web/api/api.js";

export type Skill = CallOutput<typeof listSkills>["skills"][number];

/** As many as the server gives at once. */
const allSkills = 1000;

export function skillsQuery({ skillett }: Api) {
  return queryOptions({
    queryKey: ["skills"],
    queryFn: () => skillett.listSkills({ query: { limit: allSkills } }),
  });
}
