import { formatAgo, formatBytes, formatNumber } from '../../core/base/text/format'
import type { Traffic } from '../../core/ports/port-forward'
import {
  type ForwardView,
  isSameForward,
  type ListeningView,
  type PodPortsView,
} from '../../core/ports/ports-view'
import { serviceNames } from '../../core/ports/recognize-services'
import type { PodView } from '../../core/view/snapshot'
import type { PortRow } from './port-rows'

const counted = (count: number, one: string, many: string): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`

const clause = (reason: string): string => reason.replace(/\.$/, '')

/** "Jupyter, port 8888", "Port 8080". */
export const portName = ({ port, service }: Pick<PortRow, 'port' | 'service'>): string =>
  service === null ? `Port ${port}` : `${serviceNames[service]}, port ${port}`

/** "1.2 MB in, 34 kB out". */
export const bytesText = ({ receivedBytes, sentBytes }: Traffic): string =>
  `${formatBytes(receivedBytes)} in, ${formatBytes(sentBytes)} out`

/** "12 connections, 3 open". */
export const connectionsText = ({ connections, openConnections }: Traffic): string =>
  `${counted(connections, 'connection', 'connections')}, ${formatNumber(openConnections)} open`

/** "127.0.0.1:8888". */
export const localAddress = ({ localAddress: address, openPort, localPort }: ForwardView): string =>
  `${address}:${openPort ?? localPort}`

/** The word of a forward's state, and its color. */
export function forwardStatus({ state, openPort, problem, isRefused }: ForwardView): {
  readonly tone: 'ok' | 'info' | 'idle' | 'bad' | 'mute'
  readonly word: string
} {
  switch (state) {
    case 'stopped':
      return { tone: 'mute', word: 'Stopped' }
    case 'connecting':
      return { tone: 'info', word: 'Connecting' }
    case 'asking':
      return { tone: 'idle', word: 'Needs your answer' }
    case 'waiting':
      return { tone: 'idle', word: 'Waiting for the pod' }
    case 'failed':
      return { tone: 'bad', word: 'Not connected' }
    case 'connected':
      if (problem !== null) return { tone: 'bad', word: 'No free port' }
      if (openPort === null) return { tone: 'info', word: 'Connecting' }
      return isRefused ? { tone: 'idle', word: 'Refused' } : { tone: 'ok', word: 'Open' }
  }
}

/** A note about a forward; null: none. */
export function forwardNote(forward: ForwardView): string | null {
  const { remotePort, isRefused, problem } = forward
  if (problem !== null) return problem
  const notes = [
    ...otherPortText(forward),
    ...(isRefused ? [`Nothing listens on port ${remotePort} of the pod.`] : []),
  ]
  return notes.length === 0 ? null : notes.join(' ')
}

const FIRST_UNRESERVED = 1_024

function otherPortText({ localPort, openPort }: ForwardView): readonly string[] {
  if (openPort === null || openPort === localPort) return []
  const isReserved = localPort < FIRST_UNRESERVED && openPort >= FIRST_UNRESERVED
  const why = isReserved ? 'reserved' : 'in use'
  return [`Port ${localPort} is ${why} on this computer, so ${openPort} is used instead.`]
}

/** How the connection of a pod's forwards is, as a sentence; null: as it should be. */
export function connectionNote({
  connection,
  endedReason,
}: Pick<PodPortsView, 'connection' | 'endedReason'>): {
  readonly tone: 'bad' | 'idle'
  readonly text: string
} | null {
  switch (connection?.kind) {
    case 'asking':
      return { tone: 'idle', text: 'Podkeeper has a question about this connection.' }
    case 'waiting':
      return { tone: 'idle', text: `The connection was lost: ${clause(connection.reason)}. Trying again…` }
    case 'failed':
      return { tone: 'bad', text: `Couldn’t connect: ${clause(connection.reason)}.` }
    default:
      return endedReason === null ? null : { tone: 'idle', text: endedReason }
  }
}

function foundText({ ports, leftOutCount }: Extract<ListeningView, { kind: 'read' }>): string {
  const more = leftOutCount === 0 ? '' : `, ${formatNumber(leftOutCount)} of them not shown`
  return `${counted(ports.length + leftOutCount, 'port', 'ports')} listening${more}`
}

/** The result of a look-up, for display; null: none. `nowMs`: Unix ms. */
export function listeningNote(listening: ListeningView | null, nowMs: number): string | null {
  switch (listening?.kind) {
    case 'failed':
      return `Couldn’t find out what listens on the pod: ${clause(listening.reason)}.`
    case 'read':
      return `${foundText(listening)}, as of ${formatAgo(nowMs - listening.atMs)}`
    default:
      return null
  }
}

/** Why there are no forwards; null: there can be. */
export function noForwardsText({ phase, sshRoute }: Pick<PodView, 'phase' | 'sshRoute'>): string | null {
  if (phase !== 'running') return 'The pod isn’t running. Its saved forwards are offered again once it runs.'
  return sshRoute === 'direct'
    ? null
    : 'Forwards need a direct SSH connection, which this pod doesn’t offer. Expose its port 22/tcp.'
}

type Announced = Pick<PodPortsView, 'forwards' | 'listening'>

/** What changed since `before`, for screen readers; empty: nothing of note. */
export function changesText(before: Announced, now: Announced): string {
  const { listening } = now
  const found =
    listening === null || listening === before.listening
      ? []
      : [listening.kind === 'read' ? `${foundText(listening)}.` : (listeningNote(listening, 0) ?? '')]
  const changes = now.forwards.flatMap((forward) => {
    const last = before.forwards.find((one) => isSameForward(one, forward))
    const { word } = forwardStatus(forward)
    if (last === undefined ? forward.state === 'stopped' : forwardStatus(last).word === word) return []
    const where = word === 'Open' ? ` at ${localAddress(forward)}` : ''
    return [[`Port ${forward.remotePort}: ${word}${where}.`, forwardNote(forward) ?? ''].join(' ').trim()]
  })
  return [...found, ...changes].join(' ')
}

export const portsPageText = {
  couldNotRead: 'Couldn’t read the ports',
  noAccount: 'No account yet',
  connectFirst: 'Connect an account on the Pods page to reach ports of its pods here.',
  noPod: 'No pod is running',
  needsRunningPod: 'Ports of running pods are listed here, with what is forwarded to this computer.',
  portsOf: (pod: string) => `Ports of ${pod}`,
  find: 'Find services',
  findAgain: 'Look again',
  finding: 'Looking…',
  findOn: (verb: string, pod: string) => `${verb} on ${pod}`,
  notFound: (pod: string) => `Couldn’t look at ${pod}`,
  listeners: 'Services in a pod are found over SSH when you ask.',
  forward: 'Forward',
  start: 'Start',
  stop: 'Stop',
  remove: 'Remove',
  open: 'Open',
  openProxy: 'Open via proxy',
  answer: 'Show question',
  notAnswered: 'Couldn’t show the question',
  isPublished: 'Published over HTTP',
  isSilent: 'nothing listens',
  action: (verb: string, name: string, pod: string) => `${verb}: ${name} of ${pod}`,
  others: (count: number) => `${counted(count, 'other port', 'other ports')} listening`,
  about: (name: string, pod: string) => `${name} of ${pod}`,
  sharesCookies:
    'Pages at 127.0.0.1 share their cookies, whatever their port: a page of this pod can read those of other pods and programs.',
  useOwnAddress: 'Use an address of its own',
  ownAddressFor: (pod: string) => `Use an address of its own for ${pod}`,
  podPort: 'Port of the pod',
  localPort: 'Port here',
  forwardAnother: (pod: string) => `Forward another port of ${pod}`,
  anyPort: 'Any free port',
  invalid: 'A port from 1 to 65535',
} as const
