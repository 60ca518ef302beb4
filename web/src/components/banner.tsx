import { useQuery } from "@tanstack/react-query";
import { sessionQuery, useApi } from "#web/api/api.js";
import { TextLink } from "#web/components/link.js";

const pages = [
  ["/dashboard", "Dashboard"],
  ["/dashboard/tasks", "Tasks"],
  ["/dashboard/agents", "Agents"],
  ["/dashboard/integrations", "Integrations"],
  ["/dashboard/api-keys", "API keys"],
  ["/dashboard/settings", "Settings"],
  ["/account", "Account"],
] as const;

/** The top of every page; with links to the other pages for a person who is signed in. */
export function Banner() {
  const { data: session } = useQuery(sessionQuery(useApi()));
  return (
    <header className="mb-2 flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2 text-sm leading-6">
      <p className="font-semibold tracking-wide text-quiet">Skillett</p>
      {session && (
        <nav aria-label="Pages">
          <ul className="flex flex-wrap gap-x-4 gap-y-2">
            {pages.map(([address, name]) => (
              <li key={address}>
                <TextLink to={address} activeOptions={{ exact: true, includeSearch: false }}>
                  {name}
                </TextLink>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </header>
  );
}
