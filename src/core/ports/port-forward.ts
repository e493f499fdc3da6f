import * as v from 'valibot'
import type { AccountId, PodId, PodKey } from '../pods/pod'

const MAX_PORT = 65_535
export const isPort = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= MAX_PORT

/** A port of this computer that leads to one of a pod. */
export interface PortForward {
  readonly remotePort: number
  /** The port that is wanted here; another one if it is in use. */
  readonly localPort: number
  /** Not at 127.0.0.1, but at the pod's own address of this computer, so that it shares no cookies with other pods. */
  readonly hasOwnAddress?: true
}

/** A forward as it is asked for. */
export interface WantedForward extends Pick<PortForward, 'remotePort' | 'hasOwnAddress'> {
  /** Null: main chooses one. */
  readonly localPort: number | null
}

/** Where forwards are reached, and most other services of this computer. */
export const SHARED_ADDRESS = '127.0.0.1'

/** The address of this computer that is the pod's alone, in 127.0.0.0/8. Two pods have the same one by chance only. */
export function ownAddress(podKey: PodKey): string {
  let hash = 0x811c9dc5
  for (const character of podKey) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return `127.${1 + (hash % 254)}.${(hash >>> 8) % 256}.${1 + ((hash >>> 16) % 254)}`
}

/** The address at which a forward of the pod is reached. */
export const addressOf = (podKey: PodKey, { hasOwnAddress }: Pick<PortForward, 'hasOwnAddress'>): string =>
  hasOwnAddress === true ? ownAddress(podKey) : SHARED_ADDRESS

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

/** Without what a view says besides. */
export const toForward = ({ remotePort, localPort, hasOwnAddress }: PortForward): PortForward => ({
  remotePort,
  localPort,
  ...(hasOwnAddress === true && { hasOwnAddress }),
})

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
      v.object({
        accountId: v.string(),
        podId: v.string(),
        remotePort: port,
        localPort: port,
        hasOwnAddress: v.exactOptional(v.literal(true)),
      }),
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
  const added = forwards.map((forward) => ({ accountId, podId, ...toForward(forward) }))
  return [...others, ...added].slice(-MAX_SAVED)
}
