import type { ListeningPortView, ForwardView, PodPortsView } from '../../core/ports/ports-view'
import type { ServiceKind } from '../../core/ports/recognize-services'

/** What is known of one port of a pod, with one of its forwards. */
export interface PortRow {
  readonly key: string
  readonly port: number
  readonly service: ServiceKind | null
  readonly command: string | null
  /** The pod publishes it through the provider's proxy. */
  readonly isPublished: boolean
  /** Null: nobody looked. */
  readonly isListening: boolean | null
  readonly forward: ForwardView | null
}

/**
 * The ports of a pod that are forwarded or saved, then known services and what is published over HTTP, then what else
 * listens; each by number.
 */
export function portRows(
  { forwards, listening }: Pick<PodPortsView, 'forwards' | 'listening'>,
  publishedPorts: readonly number[],
): readonly PortRow[] {
  const found: readonly ListeningPortView[] | null = listening?.kind === 'read' ? listening.ports : null
  const ports = new Set([
    ...forwards.map(({ remotePort }) => remotePort),
    ...publishedPorts,
    ...(found ?? []).map(({ port }) => port),
  ])
  const rows = [...ports].flatMap((port): readonly PortRow[] => {
    const listener = found?.find((one) => one.port === port)
    const row = {
      port,
      service: listener?.service ?? null,
      command: listener?.command ?? null,
      isPublished: publishedPorts.includes(port),
      isListening: found === null ? null : listener !== undefined,
    }
    const own = forwards.filter(({ remotePort }) => remotePort === port)
    if (own.length === 0) return [{ ...row, key: String(port), forward: null }]
    return own.map((forward) => ({
      ...row,
      key: `${port} ${forward.localAddress}:${forward.localPort}`,
      forward,
    }))
  })
  return rows.sort((one, other) => rank(one) - rank(other) || one.port - other.port)
}

/** Whether it listens, and nothing else is known of it. */
export const isOther = (row: PortRow): boolean => rank(row) === 2

const rank = ({ forward, service, isPublished }: PortRow): number =>
  forward !== null ? 0 : service !== null || isPublished ? 1 : 2
