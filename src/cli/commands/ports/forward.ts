import type { CommandRun } from '../../output/command-run'
import { setTimeout as wait } from 'node:timers/promises'
import { fail, type Result } from '../../../core/base/result'
import { commandWithoutSecrets, type ListeningReading } from '../../../core/ports/listening-ports'
import { parsePortForward, type PortForward } from '../../../core/ports/port-forward'
import {
  forwardsOf,
  recognizeServices,
  type Service,
  serviceUrl,
} from '../../../core/ports/recognize-services'
import { plainText } from '../../../core/base/text/plain-text'
import type { ForwardsFile } from '../../../node/data-folder/forwards-file'
import { createHeldConnection, type HeldConnection } from '../../../ssh/forward/held-connection'
import { listenLocally, type LocalPort } from '../../../ssh/forward/local-port'
import type { PortConnection } from '../../../ssh/forward/open-port-connection'
import type { RunFailure } from '../../../ssh/run/run-failure'
import { toSshTarget } from '../../../ssh/connection/ssh-target'
import type { SshTarget } from '../../../ssh/connection/ssh-shell'
import { CliExit, exitCodes } from '../../output/exit'
import { accountJson, JSON_VERSION } from '../../output/json'
import { copyText } from '../files/copy-text'
import { findListedPod, type PodSearch, reachPod, type ReachablePod } from '../files/reach-pod'
import { forwardLine, forwardText, listeningLines, trafficText } from './forward-text'

export interface PortSsh {
  connect(target: SshTarget, signal: AbortSignal): Promise<Result<PortConnection, RunFailure>>
  readListening(target: SshTarget): Promise<Result<ListeningReading, RunFailure>>
}

export interface ForwardOptions extends PodSearch, Pick<CommandRun, 'isJson' | 'onSignal'> {
  readonly podQuery: string
  /** "8888" or "3000:8888"; none: those that are saved, else those of known services. */
  readonly ports: readonly string[]
  readonly isListing: boolean
  readonly isForgetting: boolean
  readonly saved: ForwardsFile
  readonly ssh: (reached: ReachablePod) => PortSsh
  /** That the pod is in use, so that it isn't idle. */
  readonly onActive: (reached: ReachablePod) => void
}

interface OpenForward extends PortForward {
  readonly local: LocalPort
  readonly service: Service | null
}

type Reading = Result<ListeningReading, RunFailure>

const STATUS_MS = 1_000

/**
 * Forwards ports of a pod to this computer until a signal ends it. Returns the exit code; throws a `CliExit` when it
 * can't begin. See docs/product-rules.md#132-ports.
 */
export async function forwardPorts(options: ForwardOptions): Promise<number> {
  const asked = options.ports.map(parsePort)
  if (options.isForgetting) return forgetForwards(options)
  const reached = await reachPod(options, options.podQuery)
  const ssh = options.ssh(reached)
  const reading = await ssh.readListening(reached.target)
  if (options.isListing) return listListening(options, reached, reading)
  const wanted = wantedForwards(options, reached, asked, reading)
  const held = await holdConnection(options, reached, ssh)
  if (!reading.ok) options.output.progress(forwardText.unknown(reading.error.reason))
  const forwards: OpenForward[] = []
  // Whoever reads that a port is forwarded may end it at once.
  const ending = new AbortController()
  const stopListening = options.onSignal((exitCode) => ending.abort(exitCode))
  try {
    for (const forward of wanted) forwards.push(await openForward(options, held, forward, reading))
    if (asked.length > 0) {
      const done = options.saved.save(reached.account.view.id, reached.pod.id, asked)
      if (!done.ok) options.output.progress(done.error)
    }
    showForwards(options, reached, forwards)
    await showTraffic(options, reached, forwards, ending.signal)
    return ending.signal.reason as number
  } finally {
    stopListening()
    for (const { local } of forwards) local.close()
    held.close()
    options.output.clearStatus()
  }
}

function parsePort(text: string): PortForward {
  const forward = parsePortForward(text)
  if (forward === null) throw new CliExit(exitCodes.usage, forwardText.invalid(plainText(text)))
  return forward
}

/** Forgets what is saved for a pod, which may be stopped. */
async function forgetForwards(options: ForwardOptions): Promise<number> {
  const { account, pod } = await findListedPod(options, options.podQuery)
  const done = options.saved.save(account.view.id, pod.id, [])
  if (!done.ok) throw new CliExit(exitCodes.failed, done.error)
  options.output.result(forwardText.forgotten)
  return exitCodes.ok
}

/** Prints the ports on which programs of the pod listen. */
function listListening(
  { output, isJson, podQuery }: ForwardOptions,
  reached: ReachablePod,
  reading: Reading,
): number {
  if (!reading.ok) throw new CliExit(exitCodes.failed, withHint(reading.error, podQuery))
  const services = recognizeServices(reading.value)
  if (isJson) output.result(JSON.stringify(listingJson(reached, reading.value, services), null, 2))
  else for (const line of listeningLines(reading.value.ports, services)) output.result(line)
  return exitCodes.ok
}

/** Returns the forwards that were asked for, else those that are saved, else those of known services. */
function wantedForwards(
  { saved, podQuery }: ForwardOptions,
  { account, pod }: ReachablePod,
  asked: readonly PortForward[],
  reading: Reading,
): readonly PortForward[] {
  if (asked.length > 0) return asked
  const remembered = saved.list(account.view.id, pod.id)
  const wanted = remembered.length > 0 ? remembered : forwardsOf(servicesOf(reading))
  if (wanted.length > 0) return wanted
  const why = reading.ok
    ? forwardText.nothing
    : forwardText.nothingKnown(reading.error.reason, hintOf(reading.error, podQuery))
  throw new CliExit(exitCodes.failed, why)
}

/** Connects to the pod, and again whenever the connection is lost. */
async function holdConnection(
  { output, podQuery }: ForwardOptions,
  reached: ReachablePod,
  ssh: PortSsh,
): Promise<HeldConnection> {
  let hasStarted = false
  const held = createHeldConnection({
    open: (signal) => connectAgain(reached, ssh, signal),
    onState(state) {
      if (state.kind === 'lost') output.progress(forwardText.lost(state.reason))
      else if (state.kind === 'connected' && hasStarted) output.progress(forwardText.back)
    },
  })
  const started = await held.start()
  if (!started.ok) throw new CliExit(exitCodes.failed, withHint(started.error, podQuery))
  hasStarted = true
  return held
}

async function openForward(
  { output }: ForwardOptions,
  held: HeldConnection,
  { remotePort, localPort }: PortForward,
  reading: Reading,
): Promise<OpenForward> {
  const local = await listenLocally(localPort, () => held.openPort(remotePort))
  if (!local.ok) throw new CliExit(exitCodes.failed, local.error)
  if (local.value.port !== localPort) output.progress(forwardText.inUse(localPort, local.value.port))
  if (reading.ok && !reading.value.ports.some(({ port }) => port === remotePort))
    output.progress(forwardText.nothingListens(remotePort))
  const service = servicesOf(reading).find(({ port }) => port === remotePort) ?? null
  return { remotePort, localPort: local.value.port, local: local.value, service }
}

function showForwards(
  { output, isJson }: ForwardOptions,
  reached: ReachablePod,
  forwards: readonly OpenForward[],
): void {
  if (isJson) output.result(JSON.stringify(forwardsJson(reached, forwards), null, 2))
  else
    for (const forward of forwards)
      output.result(plainText(forwardLine(reached.pod.name, forward, forward.service)))
}

async function showTraffic(
  { output, onActive }: ForwardOptions,
  reached: ReachablePod,
  forwards: readonly OpenForward[],
  signal: AbortSignal,
): Promise<void> {
  let movedBytes = 0
  while (!signal.aborted) {
    const all = forwards.map(({ local }) => local.traffic())
    const moved = all.reduce((sum, { sentBytes, receivedBytes }) => sum + sentBytes + receivedBytes, 0)
    if (moved !== movedBytes) onActive(reached)
    movedBytes = moved
    output.status(trafficText(all))
    await wait(STATUS_MS, undefined, { signal }).catch(() => {})
  }
}

/** A pod that was restarted has another address. */
async function connectAgain(
  { account, pod }: ReachablePod,
  ssh: PortSsh,
  signal: AbortSignal,
): Promise<Result<PortConnection, RunFailure>> {
  const listed = await account.provider.listPods()
  if (!listed.ok) return fail({ kind: 'unreachable', reason: listed.error.message })
  const now = listed.value.pods.find(({ id }) => id === pod.id)
  const target = now === undefined ? null : toSshTarget(account.view.id, now)
  return target?.ssh.direct == null
    ? fail({ kind: 'no-route', reason: forwardText.noRoute })
    : ssh.connect(target, signal)
}

const servicesOf = (reading: Reading): readonly Service[] =>
  reading.ok ? recognizeServices(reading.value) : []

const hintOf = ({ kind }: RunFailure, podQuery: string): string =>
  kind === 'host-key-untrusted' ? copyText.untrusted(plainText(podQuery)) : ''

const withHint = (failure: RunFailure, podQuery: string): string =>
  `${forwardText.unreachable(failure.reason)} ${hintOf(failure, podQuery)}`.trim()

const about = ({ account, pod }: ReachablePod) => ({
  version: JSON_VERSION,
  account: accountJson({ id: account.view.id, name: account.name }),
  pod: { id: pod.id, name: pod.name },
})

const forwardsJson = (reached: ReachablePod, forwards: readonly OpenForward[]) => ({
  ...about(reached),
  forwards: forwards.map(({ remotePort, localPort, service }) => ({
    remotePort,
    localPort,
    service: service?.kind ?? null,
    url: serviceUrl(service, localPort),
  })),
})

const listingJson = (reached: ReachablePod, { ports }: ListeningReading, services: readonly Service[]) => ({
  ...about(reached),
  ports: ports.map(({ port, processId, command }) => ({
    port,
    processId,
    command: command === null ? null : commandWithoutSecrets(command),
    service: services.find((service) => service.port === port)?.kind ?? null,
  })),
})
