import { displayName } from '../files/file-name'
import type { PodKey } from '../pods/pod'
import { commandWithoutSecrets, type ListeningReading } from './listening-ports'
import { isPort, type PortForward, type Traffic } from './port-forward'
import { recognizeServices, type ServiceKind } from './recognize-services'

/** The connection that the forwards of a pod share. `reason`: a sentence. */
export type PortsConnection =
  | { readonly kind: 'connecting' }
  /** The app's own window asks about a host key or a passphrase. */
  | { readonly kind: 'asking' }
  | { readonly kind: 'connected' }
  /** It was lost, and is made again. */
  | { readonly kind: 'waiting'; readonly reason: string }
  /** It is not made again until a person asks for it. */
  | { readonly kind: 'failed'; readonly reason: string }

/** A forward of a pod, as a window shows it. */
export interface ForwardView extends PortForward {
  readonly state: 'stopped' | PortsConnection['kind']
  /** The address of this computer at which it is reached. */
  readonly localAddress: string
  /** The port of this computer; null: none yet. Not `localPort` where that was in use. */
  readonly openPort: number | null
  /** Nothing listened on the pod's port when it was last tried. */
  readonly isRefused: boolean
  /** Why it has no port here, as a sentence; null: it has one, or doesn't need one. */
  readonly problem: string | null
  /** Null: it isn't open. */
  readonly traffic: Traffic | null
}

/** A port that something on a pod listens on, as a window shows it. */
export interface ListeningPortView {
  readonly port: number
  readonly service: ServiceKind | null
  /** Its command line on one line, without secrets; null: it can't be seen. */
  readonly command: string | null
}

/** What listens on a pod, as far as a person asked. */
export type ListeningView =
  /** `atMs`: Unix ms. `leftOutCount`: ports beyond the limit. */
  | {
      readonly kind: 'read'
      readonly atMs: number
      readonly ports: readonly ListeningPortView[]
      readonly leftOutCount: number
    }
  /** `reason`: a clause. */
  | { readonly kind: 'failed'; readonly reason: string }

export interface PodPortsView {
  readonly podKey: PodKey
  /** Null: no forward is started. */
  readonly connection: PortsConnection | null
  /** Why its forwards ended with the pod, as a sentence; null: they did not. */
  readonly endedReason: string | null
  /** Those that are started or saved. */
  readonly forwards: readonly ForwardView[]
  /** Null: nobody asked. While it is looked up anew, this is what was found before. */
  readonly listening: ListeningView | null
  readonly isLookingUp: boolean
}

export interface PortsView {
  /** Increases with every publication. */
  readonly revision: number
  /** Whether this system has an address for each pod without rights: 127.0.0.0/8 on Linux and Windows. */
  readonly canHaveOwnAddress: boolean
  /** Only those of which there is something to show. */
  readonly pods: readonly PodPortsView[]
}

/** Started forwards of all pods together. */
export const MAX_FORWARDS = 100

const MAX_SHOWN_PORTS = 100
const MAX_SHOWN_CHARS = 160

/** What a window shows of what listens: services first, without tokens. */
export function listeningView(
  reading: ListeningReading,
  atMs: number,
): Extract<ListeningView, { kind: 'read' }> {
  const kinds = new Map(recognizeServices(reading).map(({ port, kind }) => [port, kind]))
  const all = reading.ports.map(({ port, command }) => ({
    port,
    service: kinds.get(port) ?? null,
    command: command === null ? null : shownCommand(command),
  }))
  const sorted = [...all].sort((one, other) => Number(other.service !== null) - Number(one.service !== null))
  const ports = sorted.slice(0, MAX_SHOWN_PORTS).sort((one, other) => one.port - other.port)
  return { kind: 'read', atMs, ports, leftOutCount: all.length - ports.length }
}

function shownCommand(command: string): string {
  const shown = displayName(commandWithoutSecrets(command))
  return shown.length > MAX_SHOWN_CHARS ? `${shown.slice(0, MAX_SHOWN_CHARS - 1)}…` : shown
}

export const isSameForward = (one: PortForward, other: PortForward): boolean =>
  one.remotePort === other.remotePort &&
  one.localPort === other.localPort &&
  one.hasOwnAddress === other.hasOwnAddress

/** A port that a person typed; null: it is none. */
export function parseTypedPort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0
  return isPort(port) ? port : null
}
