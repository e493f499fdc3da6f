import type { SimulatedFault } from '../control/faults'
import type { HubifyBehavior } from '../control/hubify-behavior'
import type { Reply } from '../http/reply'
import type { Lab, Labs } from '../labs/labs'
import type { LabPodState } from '../labs/lab-pod'
import type { World } from '../world/world'
import type { PageMeta } from './hubify-reply'

/** Sources: Hubify documentation, "Authentication", read 2026-11-24. */
export type Scope = 'labs:read' | 'labs:write' | 'experiments:read' | 'pods:read' | 'pods:write'

/** A request as passed to a route. */
export interface HubifyCall {
  readonly query: URLSearchParams
  readonly body: string
  readonly world: World
  readonly labs: Labs
  readonly behavior: HubifyBehavior
  /** Only faults that let the API act. */
  readonly fault: SimulatedFault | null
  /** The value of `:id` in the route's path; empty if the path has none. */
  readonly id: string
  readonly canAccess: (lab: Lab) => boolean
  readonly reply: HubifyReplies
}

/** What a route can answer. */
export interface HubifyReplies {
  readonly object: (name: string, value: unknown, status?: number) => Reply
  readonly list: (name: string, items: readonly unknown[], meta: PageMeta) => Reply
  /** A body that has a form of its own. */
  readonly plain: (value: unknown) => Reply
  readonly error: (status: number, message: string) => Reply
}

export interface HubifyRoute {
  readonly method: string
  /** Below `/api/v1`; `:id` matches one segment. */
  readonly path: string
  readonly scope: Scope
  /** Whether the page calls it planned, or doesn't call it shipped. */
  readonly isPlanned?: boolean
  readonly handle: (routeCall: HubifyCall) => Reply
}

/** Answers with the lab of `labId`: 400 without one, and 403 if the key can't access it or it doesn't exist. */
export function withLab(answer: (lab: Lab, routeCall: HubifyCall) => Reply): HubifyRoute['handle'] {
  return (routeCall) => {
    const labId = routeCall.query.get('labId')
    if (labId === null || labId === '') return routeCall.reply.error(400, 'labId is required')
    const lab = routeCall.labs.find(labId)
    if (lab === null || !routeCall.canAccess(lab)) return noAccess(routeCall)
    return answer(lab, routeCall)
  }
}

export const noAccess = ({ reply }: HubifyCall): Reply =>
  reply.error(403, 'This key has no access to the lab')

/** Answers with the pod of the path: 404 if there is none, and 403 if the key can't access its lab. */
export function withPod(
  answer: (state: LabPodState, lab: Lab, routeCall: HubifyCall) => Reply,
): HubifyRoute['handle'] {
  return (routeCall) => {
    const state = routeCall.labs.findPod(routeCall.id)
    const lab = state && routeCall.labs.find(state.pod.labId)
    if (state === null || lab === null) return routeCall.reply.error(404, 'Pod not found')
    return routeCall.canAccess(lab) ? answer(state, lab, routeCall) : noAccess(routeCall)
  }
}
