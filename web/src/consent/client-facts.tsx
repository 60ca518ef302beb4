import type { ReactNode } from "react";
import type { AuthorizationRequest, Me } from "#web/api/api.js";

/** What is known of a program, and what it only says of itself. */
export function ClientFacts({ request, me }: { request: AuthorizationRequest; me: Me }) {
  const tenant = me.tenants.find(({ id }) => id === me.tenantId);
  return (
    <>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-y border-line py-4">
        <Fact term="Program">{request.clientName ?? "It gave no name"}</Fact>
        <Fact term="Known by">{request.clientHost ?? "Registered itself, unverified"}</Fact>
        <Fact term="Leads to">{destinationInWords(request.redirectTo)}</Fact>
        <Fact term="For">{tenant?.name ?? "…"}</Fact>
      </dl>
      {request.clientHost === null && (
        <p className="text-sm text-quiet">Any program can call itself so: look at where it leads.</p>
      )}
    </>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-quiet">{term}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

function destinationInWords(to: string): string {
  if (loopback.test(to)) return `This computer (${to})`;
  return to.endsWith(":") ? `An application on this computer (${to})` : to;
}
