import { onTestFinished } from 'vitest'
import {
  createSimulator,
  FULL_KEY,
  type Simulator,
  type SimulatorOptions,
} from '../../../src/simulator/simulator'

/** A wall clock that only moves on request. */
export class FakeWallClock {
  #ms = Date.UTC(2026, 10, 24, 14, 0)
  readonly now = (): number => this.#ms
  advanceS(seconds: number): void {
    this.#ms += seconds * 1_000
  }
}

export interface SimulatorFixture {
  readonly simulator: Simulator
  readonly clock: FakeWallClock
}

/** A simulator that stops after the test. */
export async function startSimulator(options: Partial<SimulatorOptions> = {}): Promise<SimulatorFixture> {
  const clock = new FakeWallClock()
  const simulator = await createSimulator({ seed: 1, pods: [], now: clock.now, ...options })
  onTestFinished(() => simulator.close())
  return { simulator, clock }
}

export interface SimulatorResponse {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body; undefined when it is not JSON. */
  readonly body: any
}

export interface SimulatorRequest {
  /** Default: POST with a body, otherwise GET. */
  readonly method?: string
  /** Null: none. */
  readonly key?: string | null
  readonly body?: unknown
}

export async function sendRequest(
  simulator: Simulator,
  path: string,
  { method, key = FULL_KEY, body }: SimulatorRequest = {},
): Promise<SimulatorResponse> {
  const response = await fetch(simulator.url + path, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: tryParse(text) }
}

export const sendPodAction = (
  simulator: Simulator,
  id: string,
  action: string,
  key?: string,
): Promise<SimulatorResponse> =>
  sendRequest(simulator, `/v2/pods/${id}/action`, { body: { action }, ...(key === undefined ? {} : { key }) })

export async function statusOf(simulator: Simulator, id: string): Promise<string> {
  return (await sendRequest(simulator, `/v2/pods/${id}`)).body.status
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
