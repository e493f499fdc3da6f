import * as v from 'valibot'
import type { AccountId, PodId } from '../pods/pod'

const MAX_PORT = 65_535
export const isPort = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= MAX_PORT

/** A port of this computer that leads to one of a pod. */
export interface PortForward {
  readonly remotePort: number
  /** The port that is wanted here; another one if it is in use. */
  readonly localPort: number
}

/** A forward as it is asked for. */
export interface WantedForward extends Pick<PortForward, 'remotePort'> {
  /** Null: main chooses one. */
  readonly localPort: number | null
}

/** The first of the ports that no service is registered for, and how many there are. */
const FREE_PORTS = { first: 49_152, count: 16_384 } as const

/** A port of this computer that no service is expected at. `random`: at least 0, less than 1. */
export const unregisteredPort = (random: number): number =>
  FREE_PORTS.first + Math.floor(random * FREE_PORTS.count)

/** What a forward carried. */
export interface Traffic {
  /** To the pod, and from it. */
  readonly sentBytes: number
  readonly receivedBytes: number
  readonly connections: number
  readonly openConnections: number
}

/** "8888" or "3000:8888", with the port of this computer first; null: neither. */
export function parsePortForward(text: string): PortForward | null {
  const [, local, remote] = /^(?:(\d{1,5}):)?(\d{1,5})$/.exec(text) ?? []
  const remotePort = Number(remote)
  const localPort = local === undefined ? remotePort : Number(local)
  return isPort(remotePort) && isPort(localPort) ? { remotePort, localPort } : null
}

/** A forward that is offered again the next time. */
export interface SavedForward extends PortForward {
  readonly accountId: AccountId
  readonly podId: PodId
}

/** Those of pods that are gone leave in time. */
const MAX_SAVED = 500

const port = v.pipe(v.number(), v.check(isPort))

/** The forwards of a file. */
export const savedForwardsSchema = v.pipe(
  v.object({
    version: v.literal(1),
    forwards: v.array(
      v.object({ accountId: v.string(), podId: v.string(), remotePort: port, localPort: port }),
    ),
  }),
  v.transform(({ forwards }): readonly SavedForward[] => forwards),
)

/** With these as the only ones of a pod. */
export function withForwards(
  saved: readonly SavedForward[],
  accountId: AccountId,
  podId: PodId,
  forwards: readonly PortForward[],
): readonly SavedForward[] {
  const others = saved.filter((one) => one.accountId !== accountId || one.podId !== podId)
  const added = forwards.map(({ remotePort, localPort }) => ({ accountId, podId, remotePort, localPort }))
  return [...others, ...added].slice(-MAX_SAVED)
}
