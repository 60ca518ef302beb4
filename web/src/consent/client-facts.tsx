import type { AuthorizationRequest, Me } from "#web/api/api.js";
import { Facts } from "#web/components/facts.js";

/** Facts about a program, with those that only the program itself claims. */
export function ClientFacts({ request, me }: { request: AuthorizationRequest; me: Me }) {
  const tenant = me.tenants.find(({ id }) => id === me.tenantId);
  return (
    <>
      <Facts
        ruled
        facts={{
          Program: request.clientName ?? "It gave no name",
          "Known by": request.clientHost ?? "Registered itself, unverified",
          "Leads to": destinationInWords(request.redirectTo),
          For: tenant?.name ?? "…",
        }}
      />
      {request.clientHost === null && (
        <p className="text-sm text-quiet">Any program can call itself so: look at where it leads.</p>
      )}
    </>
  );
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

function destinationInWords(to: string): string {
  if (loopback.test(to)) return `This computer (${to})`;
  return to.endsWith(":") ? `An application on this computer (${to})` : to;
}
