import type { Contestant, Endpoint } from "./contestants.js";
import type { Load } from "./load.js";
import type { LoadGenerator } from "./load-generator.js";

export interface Scenario {
  endpoint: Endpoint;
  connections: number;
}

export interface Rounds {
  rounds: number;
  /** Of one round of one contestant. */
  seconds: number;
}

export interface Standing extends Load {
  contestant: string;
  /** To the baseline of the same round; the median over the rounds. */
  ratio: Load;
}

/** With many connections also where one is measured: it takes some thousand calls until Node runs at speed. */
const warmUp = { connections: 32, duration: 2 };

/**
 * Every contestant in short turns, in another order each round, so that what else the machine does meets
 * all of them; medians over the rounds.
 *
 * @param baseline name of the contestant that ratios are to
 */
export async function measure(
  generator: LoadGenerator,
  contestants: Contestant[],
  baseline: string,
  { endpoint, connections }: Scenario,
  { rounds, seconds }: Rounds,
): Promise<Standing[]> {
  const turn = (contestant: Contestant, load: { connections: number; duration: number }) =>
    generator.run({ ...contestant.request(endpoint), ...load });

  for (const contestant of contestants) await turn(contestant, warmUp);
  const loads = new Map<string, Load[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const contestant of rotated(contestants, round)) {
      loads.get(contestant.name)!.push(await turn(contestant, { connections, duration: seconds }));
    }
  }
  return standings(loads, baseline);
}

export function standings(loads: Map<string, Load[]>, baseline: string): Standing[] {
  const base = loads.get(baseline)!;
  return [...loads].map(([contestant, own]) => ({
    contestant,
    ...eachFigure((figure) => median(own.map((load) => load[figure]))),
    ratio: eachFigure((figure) => median(own.map((load, round) => load[figure] / base[round]![figure]))),
  }));
}

function eachFigure(value: (figure: keyof Load) => number): Load {
  return { requestsPerSecond: value("requestsPerSecond"), p50Ms: value("p50Ms"), p99Ms: value("p99Ms") };
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function rotated<T>(items: T[], by: number): T[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}
