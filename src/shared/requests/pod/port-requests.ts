import * as v from 'valibot'
import type { PodKey } from '../../../core/pods/pod'
import { isPort, type PortForward, type WantedForward } from '../../../core/ports/port-forward'
import type { PortsView } from '../../../core/ports/ports-view'
import { podKeySchema } from '../field-schemas'

/**
 * The part of the contract for ports of pods. A forward is always a port of 127.0.0.1 or of the pod's own address of this computer, and no request carries the token
 * of a service.
 */
export interface PortRequests {
  ports: () => PortsView
  /**
   * Saves a forward and starts it, or connects again where that failed. A port here that neither main chose nor a person
   * agreed to before is asked about in the app's own window. False: the person declined.
   */
  startForward: (podKey: PodKey, forward: WantedForward) => boolean
  /** Stops a forward, which stays saved. */
  stopForward: (podKey: PodKey, forward: PortForward) => void
  /** Stops a forward, which is no longer saved. */
  removeForward: (podKey: PodKey, forward: PortForward) => void
  /** Finds out over SSH what listens on the pod, which the view then has. */
  lookUpPorts: (podKey: PodKey) => void
  /** Opens an open forward in the browser; Jupyter with the token of the running server, which main reads. */
  openForward: (podKey: PodKey, forward: PortForward) => void
}

const port = v.pipe(v.number(), v.check(isPort))
const hasOwnAddress = v.exactOptional(v.literal(true))
const forward = v.strictObject({ remotePort: port, localPort: port, hasOwnAddress })
const wantedForward = v.strictObject({ remotePort: port, localPort: v.nullable(port), hasOwnAddress })

export const portRequestSchemas = {
  ports: v.tuple([]),
  startForward: v.tuple([podKeySchema, wantedForward]),
  stopForward: v.tuple([podKeySchema, forward]),
  removeForward: v.tuple([podKeySchema, forward]),
  lookUpPorts: v.tuple([podKeySchema]),
  openForward: v.tuple([podKeySchema, forward]),
} satisfies { [K in keyof PortRequests]: v.GenericSchema<unknown, Parameters<PortRequests[K]>> }
