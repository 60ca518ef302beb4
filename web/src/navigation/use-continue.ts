import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { isServerPage, nextPath } from "#web/navigation/next-path.js";

/** Goes to the next page after another person has signed in or out: data of the person before is dropped. */
export function useContinue(): (next: string | undefined) => void {
  const router = useRouter();
  const queries = useQueryClient();
  return (next) => {
    queries.clear();
    const path = nextPath(next, window.location.origin);
    if (isServerPage(path)) window.location.assign(path);
    else router.history.push(path);
  };
}
