import type { Result } from '../../core/base/result'
import type { PodKey } from '../../core/pods/pod'
import { addressOf, type PortForward, toForward, type Traffic } from '../../core/ports/port-forward'
import { type ForwardView, isSameForward, type PortsConnection } from '../../core/ports/ports-view'
import { createHeldConnection, type HeldConnection, type HeldState } from '../../ssh/forward/held-connection'
import { listenLocally, type LocalPort } from '../../ssh/forward/local-port'
import type { PortChannel, PortConnection } from '../../ssh/forward/open-port-connection'
import type { RunFailure } from '../../ssh/run/run-failure'

export interface PodForwardsOptions {
  readonly podKey: PodKey
  /** Finds out where the pod is now, and connects. `onAsking`: whether a person is being asked. */
  readonly connect: (
    signal: AbortSignal,
    onAsking: (isAsking: boolean) => void,
  ) => Promise<Result<PortConnection, RunFailure>>
  readonly onChange: () => void
  /** For tests: see `HeldConnectionOptions`. */
  readonly retryDelaysMs?: readonly number[]
}

/** The started forwards of one pod, which share a connection. */
export interface PodForwards {
  readonly connection: () => PortsConnection | null
  readonly views: () => readonly ForwardView[]
  /** Starts one, or connects again where that failed. */
  start(forward: PortForward): void
  stop(forward: PortForward): void
  stopAll(): void
  /** Bytes that all of its forwards carried, those that were stopped included. */
  movedBytes(): number
  /** What a lost connection may wait for happened. */
  retryNow(): void
  /** The pod has another address. What failed at the one before is tried once more. */
  onMoved(): void
}

interface StartedForward extends PortForward {
  isListening: boolean
  local: LocalPort | null
  problem: string | null
  isRefused: boolean
}

const notListening = { isListening: false, local: null, problem: null, isRefused: false }

/** What needs a person first: it is not tried again. */
const needsPerson: readonly RunFailure['kind'][] = [
  'host-key-untrusted',
  'host-key-changed',
  'not-asked',
  'no-key',
  'key-locked',
  'keys-refused',
]

export function createPodForwards({
  podKey,
  connect,
  onChange,
  retryDelaysMs,
}: PodForwardsOptions): PodForwards {
  let started: readonly StartedForward[] = []
  let held: HeldConnection | null = null
  let hasConnected = false
  let connection: PortsConnection | null = null
  let stoppedBytes = 0

  function setConnection(next: PortsConnection | null): void {
    connection = next
    onChange()
  }

  function open(): void {
    const made = createHeldConnection({
      open: (signal) =>
        connect(signal, (isAsking) => {
          if (held === made) setConnection({ kind: isAsking ? 'asking' : 'connecting' })
        }),
      onState: (state) => {
        if (held === made) onState(state)
      },
      mayResolve: ({ kind }) => !needsPerson.includes(kind),
      retryDelaysMs,
    })
    held = made
    hasConnected = false
    setConnection({ kind: 'connecting' })
    void made.start().then(async (opened) => {
      if (held !== made) return
      if (!opened.ok) return giveUp(opened.error)
      hasConnected = true
      for (const forward of started) await listen(forward, made)
    })
  }

  function onState(state: HeldState): void {
    switch (state.kind) {
      case 'connecting':
      case 'connected':
        return setConnection({ kind: state.kind })
      case 'lost':
        return setConnection({ kind: 'waiting', reason: state.reason })
      case 'given-up':
        return giveUp(state.failure)
    }
  }

  function giveUp({ reason }: RunFailure): void {
    closeAll()
    setConnection({ kind: 'failed', reason })
  }

  async function listen(forward: StartedForward, made: HeldConnection): Promise<void> {
    const isWanted = (): boolean => held === made && started.includes(forward)
    if (!isWanted() || forward.isListening) return
    forward.isListening = true
    const openChannel = async (): Promise<PortChannel | null> => {
      const channel = await made.openPort(forward.remotePort)
      // Without a connection it isn't known whether anything listens.
      if (channel !== null || connection?.kind === 'connected') forward.isRefused = channel === null
      onChange()
      return channel
    }
    const onClose = (): void => {
      if (isWanted()) onChange()
    }
    const local = await listenLocally(forward.localPort, openChannel, onClose, addressOf(podKey, forward))
    if (!isWanted()) {
      if (local.ok) local.value.close()
      return
    }
    if (local.ok) forward.local = local.value
    else Object.assign(forward, { problem: local.error, isListening: false })
    onChange()
  }

  const bytesOf = (traffic: Traffic | undefined): number =>
    traffic === undefined ? 0 : traffic.sentBytes + traffic.receivedBytes

  function closePort(forward: StartedForward): void {
    stoppedBytes += bytesOf(forward.local?.traffic())
    forward.local?.close()
    Object.assign(forward, notListening)
  }

  function closeAll(): void {
    for (const forward of started) closePort(forward)
    const last = held
    held = null
    last?.close()
  }

  function stopAll(): void {
    closeAll()
    started = []
    setConnection(null)
  }

  return {
    connection: () => connection,
    views: () =>
      started.map(({ local, problem, isRefused, ...forward }) => ({
        ...toForward(forward),
        localAddress: addressOf(podKey, forward),
        state: connection?.kind ?? 'stopped',
        openPort: local?.port ?? null,
        isRefused,
        problem,
        traffic: local?.traffic() ?? null,
      })),
    start(wanted) {
      let forward = started.find((one) => isSameForward(one, wanted))
      if (forward === undefined) {
        forward = { ...toForward(wanted), ...notListening }
        started = [...started, forward]
      }
      forward.problem = null
      onChange()
      if (held === null) open()
      // Before the first connection, all begin to listen together.
      else if (hasConnected) void listen(forward, held)
    },
    stop(forward) {
      const stopped = started.find((one) => isSameForward(one, forward))
      if (stopped === undefined) return
      closePort(stopped)
      started = started.filter((one) => one !== stopped)
      if (started.length === 0) stopAll()
      else onChange()
    },
    stopAll,
    movedBytes: () => started.reduce((sum, { local }) => sum + bytesOf(local?.traffic()), stoppedBytes),
    retryNow: () => held?.retryNow(),
    onMoved() {
      held?.retryNow()
      if (connection?.kind === 'failed' && hasConnected) open()
    },
  }
}
