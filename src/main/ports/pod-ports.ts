import { errorText, wentWrongText } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import type { Pod, PodKey } from '../../core/pods/pod'
import type { ListeningReading } from '../../core/ports/listening-ports'
import { addressOf, type PortForward, toForward } from '../../core/ports/port-forward'
import {
  isSameForward,
  type ListeningView,
  listeningView,
  type PodPortsView,
} from '../../core/ports/ports-view'
import { recognizeServices, serviceUrl } from '../../core/ports/recognize-services'
import type { ConnectPrompts, SshTarget } from '../../ssh/connection/ssh-shell'
import type { Ssh } from '../../ssh/create-ssh'
import { readListening } from '../../ssh/forward/read-listening'
import type { RunFailure } from '../../ssh/run/run-failure'
import { createPodForwards, type PodForwards, type PodForwardsOptions } from './pod-forwards'
import { portsText } from './ports-text'

/** What an answer of a person can change. */
const answerable: readonly RunFailure['kind'][] = ['host-key-untrusted', 'host-key-changed', 'key-locked']

/**
 * What listens on a pod. Where the pod isn't trusted yet or the key is locked, a connection asks about that first, as
 * that of a terminal does.
 */
async function readPodListening(
  ssh: Pick<Ssh, 'runCommand' | 'openPortConnection'>,
  target: SshTarget,
  prompts: ConnectPrompts,
  signal: AbortSignal,
): Promise<Result<ListeningReading, RunFailure>> {
  const reading = await readListening(ssh.runCommand, target, signal)
  if (reading.ok || !answerable.includes(reading.error.kind)) return reading
  const asked = await ssh.openPortConnection(target, signal, prompts)
  if (!asked.ok) return asked
  asked.value.close()
  return readListening(ssh.runCommand, target, signal)
}

export interface PodPortsOptions {
  readonly podKey: PodKey
  readonly ssh: Pick<Ssh, 'openPortConnection' | 'runCommand'>
  /** Where the pod is now; null: it offers no direct connection. */
  readonly target: () => SshTarget | null
  /** What asks a person about a connection to the pod. */
  readonly promptsFor: (onAsking: (isAsking: boolean) => void) => ConnectPrompts
  /** Opens an address of this computer in the browser. */
  readonly openInBrowser: (address: string) => Promise<void>
  /** Unix ms. */
  readonly nowMs: () => number
  readonly onChange: () => void
  readonly retryDelaysMs?: PodForwardsOptions['retryDelaysMs']
}

/** What is known of the ports of one pod. */
export interface PodPorts {
  readonly forwards: Omit<PodForwards, 'start'>
  /** `saved`: those to offer beside the started ones. */
  view(saved: readonly PortForward[]): PodPortsView
  start(forward: PortForward): void
  lookUp(): Promise<void>
  open(forward: PortForward): Promise<Result<void, string>>
  /** Must be called when the pod was observed. */
  onPod(pod: Pod): void
  /** The pod ended; `reason` is a sentence. */
  end(reason: string): void
  dispose(): void
}

const unforeseen = (cause: unknown): Result<never, RunFailure> =>
  fail({ kind: 'no-shell', reason: wentWrongText(errorText(cause)) })

export function createPodPorts(options: PodPortsOptions): PodPorts {
  const { podKey, ssh, onChange } = options
  const ending = new AbortController()
  let endedReason: string | null = null
  let listening: ListeningView | null = null
  let reading: Promise<Result<ListeningReading, RunFailure>> | null = null
  /** In which run of the pod that was read, Unix ms. */
  let startedAtMs: number | null = null
  let triedTarget = ''

  const forwards = createPodForwards({
    podKey,
    async connect(signal, onAsking) {
      const target = options.target()
      triedTarget = JSON.stringify(target)
      return target === null
        ? fail({ kind: 'no-route', reason: portsText.noRouteNow })
        : ssh.openPortConnection(target, signal, options.promptsFor(onAsking)).catch(unforeseen)
    },
    onChange,
    retryDelaysMs: options.retryDelaysMs,
  })

  function forgetListening(): void {
    if (listening === null && reading === null) return
    listening = null
    reading = null
    onChange()
  }

  async function read(): Promise<Result<ListeningReading, RunFailure>> {
    if (reading !== null) return reading
    const target = options.target()
    if (target === null) return fail({ kind: 'no-route', reason: portsText.noRouteNow })
    startedAtMs = target.startedAtMs
    const prompts = options.promptsFor(() => {})
    const current = readPodListening(ssh, target, prompts, ending.signal).catch(unforeseen)
    reading = current
    onChange()
    const result = await current
    // The pod may have ended or started again meanwhile.
    if (reading !== current) return result
    reading = null
    listening = result.ok
      ? listeningView(result.value, options.nowMs())
      : { kind: 'failed', reason: result.error.reason }
    onChange()
    return result
  }

  /** The token is read anew each time, and is in this address only. */
  async function urlOf(forward: PortForward, openPort: number): Promise<Result<string, string>> {
    const { remotePort } = forward
    const address = addressOf(podKey, forward)
    const known = listening?.kind === 'read' ? listening.ports.find(({ port }) => port === remotePort) : null
    if (known != null && known.service !== 'jupyter') return ok(serviceUrl(null, openPort, address))
    const result = await read()
    if (result.ok) {
      const service = recognizeServices(result.value).find(({ port }) => port === remotePort)
      return ok(serviceUrl(service ?? null, openPort, address))
    }
    return known == null
      ? ok(serviceUrl(null, openPort, address))
      : fail(portsText.noToken(result.error.reason))
  }

  const openPortOf = (forward: PortForward): number | null =>
    forwards.views().find((one) => isSameForward(one, forward))?.openPort ?? null

  return {
    forwards,
    view(saved) {
      const started = forwards.views()
      const offered = saved
        .filter((one) => !started.some((other) => isSameForward(one, other)))
        .map((forward) => ({
          ...toForward(forward),
          localAddress: addressOf(podKey, forward),
          state: 'stopped' as const,
          openPort: null,
          isRefused: false,
          problem: null,
          traffic: null,
        }))
      const all = [...started, ...offered].sort(
        (one, other) => one.remotePort - other.remotePort || one.localPort - other.localPort,
      )
      const connection = forwards.connection()
      const isLookingUp = reading !== null
      return { podKey, connection, endedReason, forwards: all, listening, isLookingUp }
    },
    start(forward) {
      endedReason = null
      forwards.start(forward)
    },
    lookUp: async () => void (await read()),
    async open(forward) {
      const openPort = openPortOf(forward)
      if (openPort === null) return fail(portsText.notOpen)
      const address = await urlOf(forward, openPort)
      if (!address.ok) return address
      // Another program may have the port by now.
      if (openPortOf(forward) !== openPort) return fail(portsText.notOpen)
      try {
        await options.openInBrowser(address.value)
        return ok(undefined)
      } catch {
        return fail(portsText.notOpened)
      }
    },
    onPod(pod) {
      if (pod.startedAtMs !== startedAtMs) forgetListening()
      const target = options.target()
      if (target !== null && JSON.stringify(target) !== triedTarget) forwards.onMoved()
    },
    end(reason) {
      if (forwards.connection() !== null) {
        endedReason = reason
        forwards.stopAll()
      }
      forgetListening()
    },
    dispose() {
      ending.abort()
      forwards.stopAll()
    },
  }
}
