import { Counter, Histogram, type Registry } from "prom-client";

/** Called once for every call that has ended, admitted or refused. */
export type ObserveCall = (call: {
  integration: string;
  endpoint: string;
  status: string;
  error: string | null;
  durationMs: number;
}) => void;

export function createCallMetrics(registry: Registry): ObserveCall {
  const calls = new Counter({
    name: "skillett_calls_total",
    help: "Calls by how they ended; error is empty when the service answered",
    labelNames: ["integration", "endpoint", "status", "error"],
    registers: [registry],
  });
  const duration = new Histogram({
    name: "skillett_call_duration_seconds",
    help: "From taking the call to its answer, the service included",
    labelNames: ["integration"],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  return ({ integration, endpoint, status, error, durationMs }) => {
    calls.inc({ integration, endpoint, status, error: error ?? "" });
    duration.observe({ integration }, durationMs / 1000);
  };
}
