/** The part of autocannon that the load process uses; the package has no types of its own. */
declare module "autocannon" {
  interface Options {
    url: string;
    method: "GET" | "POST";
    headers: Record<string, string>;
    body?: string | undefined;
    connections: number;
    /** Seconds. */
    duration: number;
  }

  interface Result {
    /** Seconds it took. */
    duration: number;
    requests: { total: number };
    non2xx: number;
    errors: number;
    timeouts: number;
  }

  interface Run {
    on(event: "response", heard: (client: unknown, status: number, bytes: number, ms: number) => void): void;
  }

  export default function autocannon(
    options: Options,
    done: (error: Error | null, result: Result) => void,
  ): Run;
}
