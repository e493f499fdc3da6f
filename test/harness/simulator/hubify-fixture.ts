import {
  HUBIFY_KEY,
  type SimulatedHubifyOptions,
  type Simulator,
  type SimulatorOptions,
} from '../../../src/simulator/simulator'
import type { SimulatedLabPodSpec } from '../../../src/simulator/labs/lab-spec'
import {
  sendRequest,
  type SimulatorFixture,
  type SimulatorRequest,
  type SimulatorResponse,
  startSimulator,
} from './simulator-fixture'

/** A lab for tests; its id and slug are those of the examples of Hubify's page. */
export const LAB = { id: 'j57a8k9m2n3p4q5r', slug: 'dark-energy' } as const
export const OTHER_LAB = { id: 'k17d3f5g6h7j8k9m', slug: 'protein-folds' } as const

/** A Hubify with these pods in the lab, and another lab without any. It stops after the test. */
export function startHubify(
  pods: readonly SimulatedLabPodSpec[],
  hubify: SimulatedHubifyOptions = {},
  options: Partial<SimulatorOptions> = {},
): Promise<SimulatorFixture> {
  return startSimulator({ hubify: { labs: [{ ...LAB, pods }, OTHER_LAB], ...hubify }, ...options })
}

export const withPlannedRoutes: SimulatedHubifyOptions = { behavior: { hasPlannedRoutes: true } }

/** Sends a request to a path below `/api/v1`. */
export const sendHubify = (
  simulator: Simulator,
  path: string,
  { key = HUBIFY_KEY, ...request }: SimulatorRequest = {},
): Promise<SimulatorResponse> => sendRequest(simulator, `/api/v1${path}`, { key, ...request })

export const postHubify = (simulator: Simulator, path: string, key?: string): Promise<SimulatorResponse> =>
  sendHubify(simulator, path, { method: 'POST', ...(key !== undefined && { key }) })

/** The lab's pods as its list shows them. */
export async function listLabPods(simulator: Simulator, query = ''): Promise<any[]> {
  return (await sendHubify(simulator, `/pods?labId=${LAB.id}${query}`)).body.data
}

/** The status of the lab's only pod, or of the one with this id. */
export async function labPodStatus(simulator: Simulator, documentId?: string): Promise<string> {
  const pods = await listLabPods(simulator)
  return pods.find(({ _id }) => documentId === undefined || _id === documentId).status
}
