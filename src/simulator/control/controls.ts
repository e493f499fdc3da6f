import type { CloudConditions } from '../world/conditions'
import type { AddedLabPod } from '../labs/labs'
import type { ExperimentSpec, LabPodPatch, SimulatedLabPodSpec, LabSpec } from '../labs/lab-spec'
import type { SimulatedFault } from './faults'
import type { HubifyBehavior } from './hubify-behavior'
import type { PodAction } from '../../core/pods/pod'
import type { EndpointPatch, EndpointSpec } from '../world/serverless/endpoints'
import type { PodPatch, SimulatedPodSpec } from '../world/pod-spec'

/*
 * The control API gives other processes and shells, over HTTP, what a test can do with a `Simulator` in its
 * own process. Request bodies must have the JSON content type, which also keeps web pages out; responses are JSON.
 *
 *   GET  /_simulator/requests   every request so far, as `Simulator.requests`
 *   POST /_simulator/fault      a `SimulatedFault`: {"kind": "hang", "path": "/v2/pods", "count": 2}
 *   POST /_simulator/clear      {}: ends all faults
 *   POST /_simulator/pods       {"add": SimulatedPodSpec} | {"remove": id} | {"set": {"id", "patch": PodPatch}}
 *                               | {"act": {"id", "action"}} (as if by someone else); answers {"id"}
 *   POST /_simulator/balance    {"usd": 12.5}
 *   POST /_simulator/conditions {"stock": {"NVIDIA L4": "NONE", "*": "HIGH"}, "pullS": 600}: a part of `CloudConditions`
 *   POST /_simulator/time       {"factor": 60}: simulated seconds per second from now on
 *   POST /_simulator/labs       {"behavior": HubifyBehavior, or a part} | {"add": LabSpec}
 *                               | {"addPod": {"labId", "pod": SimulatedLabPodSpec}}: answers {"documentId", "podId"}
 *                               | {"setPod": {"id", "patch": LabPodPatch}}
 *                               | {"addExperiment": {"labId", "experiment": ExperimentSpec}}
 *   POST /_simulator/endpoints  {"add": EndpointSpec} | {"remove": id} | {"set": {"id", "patch": EndpointPatch}}
 *   POST /_simulator/scenario   {"name": "idle"}: see scenarios.ts
 *
 *   curl -H content-type:application/json -d '{"set":{"id":"…","patch":{"mode":"idle"}}}' …/_simulator/pods
 */

/** What the control API operates on. */
export interface Controls {
  readonly requests: readonly unknown[]
  fault(fault: SimulatedFault): void
  clearFaults(): void
  addPod(spec: SimulatedPodSpec): string
  removePod(id: string): void
  setPod(id: string, patch: PodPatch): void
  act(id: string, action: PodAction): void
  addEndpoint(spec: EndpointSpec): void
  setEndpoint(id: string, patch: EndpointPatch): void
  removeEndpoint(id: string): void
  /** Stops the pod as Runpod does, or as someone who bids more. */
  interrupt(id: string, by: 'service' | 'outbid'): void
  balance(usd: number): void
  /** What pods meet from now on: stock, pulls, images, limits, figures. */
  conditions(changes: Partial<CloudConditions>): void
  /** Simulated seconds per real second, at least 1, from now on. */
  timeFactor(factor: number): void
  /** Without pods whose image is still pulled. */
  runningPodIds(): readonly string[]
  /** The sum of the pods' `cost`, USD. */
  spendPerHourUsd(): number
  readonly labs: LabControls
}

/** What can be changed of a Hubify and its labs. Unknown ids throw. */
export interface LabControls {
  /** How it answers from now on; makes planned routes appear and disappear, for example. */
  behave(changes: Partial<HubifyBehavior>): void
  add(spec: LabSpec): void
  addPod(labId: string, spec: SimulatedLabPodSpec): AddedLabPod
  setPod(documentId: string, patch: LabPodPatch): void
  addExperiment(labId: string, spec: ExperimentSpec): void
}
