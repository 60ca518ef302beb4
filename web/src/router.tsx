import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { type Api, optionsQuery, sessionQuery } from "#web/api/api.js";
import { NotFoundPage, ProblemPage } from "#web/components/problem.js";
import { isServerPage, nextPath } from "#web/navigation/next-path.js";

/** Every page and its address. Each is loaded when it is first shown. */

export interface PageContext {
  api: Api;
  queries: QueryClient;
}

const root = createRootRouteWithContext<PageContext>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: ProblemPage,
});

/** The pages below want somebody signed in, and come back after that. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  beforeLoad: async ({ context: { api, queries }, location }) => {
    if (await queries.fetchQuery(sessionQuery(api))) return;
    throw redirect({ to: "/sign-in", search: { next: location.href } });
  },
  component: Outlet,
});

/** A query parameter that is not text is as good as none. */
function textParams<Name extends string>(...names: Name[]) {
  return (search: Record<string, unknown>) =>
    Object.fromEntries(
      names.flatMap((name) => (search[name] === undefined ? [] : [[name, String(search[name])]])),
    ) as { [N in Name]?: string };
}

/**
 * Pages before signing in send a person who is signed in on to the next page. Their buttons depend on the settings.
 */
async function beforeSignIn({
  context: { api, queries },
  search,
}: {
  context: PageContext;
  search: { next?: string };
}) {
  const [session] = await Promise.all([
    queries.fetchQuery(sessionQuery(api)),
    queries.prefetchQuery(optionsQuery(api)),
  ]);
  if (!session) return;
  const href = nextPath(search.next, window.location.origin);
  throw redirect({ href, reloadDocument: isServerPage(href) });
}

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/account" });
  },
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: textParams("next", "error"),
  beforeLoad: beforeSignIn,
  component: lazyRouteComponent(() => import("#web/pages/sign-in.js"), "SignInPage"),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  validateSearch: textParams("next", "invitation"),
  beforeLoad: beforeSignIn,
  component: lazyRouteComponent(() => import("#web/pages/sign-up.js"), "SignUpPage"),
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("#web/pages/forgot-password.js"), "ForgotPasswordPage"),
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  validateSearch: textParams("token", "error"),
  component: lazyRouteComponent(() => import("#web/pages/reset-password.js"), "ResetPasswordPage"),
});

const device = createRoute({
  getParentRoute: () => signedIn,
  path: "/device",
  validateSearch: textParams("user_code"),
  component: lazyRouteComponent(() => import("#web/pages/device.js"), "DevicePage"),
});

const consent = createRoute({
  getParentRoute: () => signedIn,
  path: "/consent",
  validateSearch: textParams("uid"),
  component: lazyRouteComponent(() => import("#web/pages/consent.js"), "ConsentPage"),
});

const acceptInvitation = createRoute({
  getParentRoute: () => root,
  path: "/accept-invitation/$id",
  beforeLoad: async ({ context: { api, queries }, location, params }) => {
    if (await queries.fetchQuery(sessionQuery(api))) return;
    throw redirect({ to: "/sign-up", search: { next: location.href, invitation: params.id } });
  },
  component: lazyRouteComponent(() => import("#web/pages/accept-invitation.js"), "AcceptInvitationPage"),
});

const account = createRoute({
  getParentRoute: () => signedIn,
  path: "/account",
  component: lazyRouteComponent(() => import("#web/pages/account.js"), "AccountPage"),
});

const dashboard = createRoute({
  getParentRoute: () => signedIn,
  path: "/dashboard",
  component: lazyRouteComponent(() => import("#web/pages/dashboard.js"), "DashboardPage"),
});

const tasks = createRoute({
  getParentRoute: () => signedIn,
  path: "/dashboard/tasks",
  validateSearch: textParams("status"),
  component: lazyRouteComponent(() => import("#web/pages/tasks.js"), "TasksPage"),
});

const agents = createRoute({
  getParentRoute: () => signedIn,
  path: "/dashboard/agents",
  component: lazyRouteComponent(() => import("#web/pages/agents.js"), "AgentsPage"),
});

const agent = createRoute({
  getParentRoute: () => signedIn,
  path: "/dashboard/agents/$id",
  component: lazyRouteComponent(() => import("#web/pages/agent.js"), "AgentPage"),
});

const integrations = createRoute({
  getParentRoute: () => signedIn,
  path: "/dashboard/integrations",
  component: lazyRouteComponent(() => import("#web/pages/integrations.js"), "IntegrationsPage"),
});

const apiKeys = createRoute({
  getParentRoute: () => signedIn,
  path: "/dashboard/api-keys",
  component: lazyRouteComponent(() => import("#web/pages/api-keys.js"), "ApiKeysPage"),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: "/dashboard/settings",
  component: lazyRouteComponent(() => import("#web/pages/settings.js"), "SettingsPage"),
});

const tree = root.addChildren([
  home,
  signIn,
  signUp,
  forgotPassword,
  resetPassword,
  acceptInvitation,
  signedIn.addChildren([
    device,
    consent,
    account,
    dashboard,
    tasks,
    agents,
    agent,
    integrations,
    apiKeys,
    settings,
  ]),
]);

export function createPageRouter(context: PageContext) {
  return createRouter({ routeTree: tree, context, defaultPreload: "intent", defaultPreloadStaleTime: 0 });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createPageRouter>;
  }
}
