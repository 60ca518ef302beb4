import { useMatch } from "@tanstack/react-router";
import { TextLink } from "#web/components/link.js";

/** On top of every page; for who is signed in, with the way to the others. */
export function Banner() {
  const signedIn = useMatch({ from: "/signed-in", shouldThrow: false }) !== undefined;
  return (
    <header className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2 text-sm">
      <p className="font-semibold tracking-wide text-quiet">Skillett</p>
      {signedIn && (
        <nav aria-label="Pages">
          <ul className="flex flex-wrap gap-x-4 gap-y-2">
            <li>
              <TextLink to="/dashboard" activeOptions={{ exact: true }}>
                Dashboard
              </TextLink>
            </li>
            <li>
              <TextLink to="/dashboard/tasks">Tasks</TextLink>
            </li>
            <li>
              <TextLink to="/dashboard/agents">Agents</TextLink>
            </li>
            <li>
              <TextLink to="/account">Account</TextLink>
            </li>
          </ul>
        </nav>
      )}
    </header>
  );
}
