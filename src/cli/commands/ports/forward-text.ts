import { formatBytes, formatNumber } from '../../../core/base/text/format'
import { displayName } from '../../../core/files/file-name'
import { commandWithoutSecrets, type ListeningPort } from '../../../core/ports/listening-ports'
import type { Traffic } from '../../../core/ports/port-forward'
import { type Service, serviceNames, serviceUrl } from '../../../core/ports/recognize-services'

const COMMAND_CHARS = 60

/** "http://127.0.0.1:8889/?token=…  Jupyter, port 8888 of llama". */
export function forwardLine(
  podName: string,
  { remotePort, localPort }: { readonly remotePort: number; readonly localPort: number },
  service: Service | null,
): string {
  const name = service === null ? '' : `${serviceNames[service.kind]}, `
  return `${serviceUrl(service, localPort)}  ${name}port ${remotePort} of ${podName}`
}

/** "1.2 MB received, 34 kB sent, 3 connections open". */
export function trafficText(all: readonly Traffic[]): string {
  const sum = (key: keyof Traffic): number => all.reduce((total, traffic) => total + traffic[key], 0)
  const open = sum('openConnections')
  return `${formatBytes(sum('receivedBytes'))} received, ${formatBytes(sum('sentBytes'))} sent, ${formatNumber(open)} ${open === 1 ? 'connection' : 'connections'} open`
}

/** "8888  Jupyter  python3 /usr/bin/jupyter-lab". */
export function listeningLines(
  ports: readonly ListeningPort[],
  services: readonly Service[],
): readonly string[] {
  return ports.map(({ port, command }) => {
    const kind = services.find((service) => service.port === port)?.kind
    const name = (kind === undefined ? '' : serviceNames[kind]).padEnd('TensorBoard'.length)
    const shown = displayName(commandWithoutSecrets(command ?? ''))
    const short = shown.length > COMMAND_CHARS ? `${shown.slice(0, COMMAND_CHARS - 1)}…` : shown
    return `${String(port).padStart(5)}  ${name}  ${short}`.trimEnd()
  })
}

export const forwardText = {
  invalid: (text: string): string =>
    `“${text}” isn’t a port, such as 8888, or 3000:8888 with the port here first.`,
  inUse: (wanted: number, used: number): string =>
    `Port ${wanted} is in use on this computer, so ${used} is used instead.`,
  unreachable: (reason: string): string => `Podkeeper can’t reach the pod’s ports: ${reason}.`,
  lost: (reason: string): string =>
    `The connection was lost: ${reason.replace(/\.$/, '')}. Connecting again…`,
  back: 'Connected again.',
  /** A clause. */
  noRoute: 'the pod offers no direct SSH connection now',
  unknown: (reason: string): string => `What listens on the pod is not known: ${reason}.`,
  /** `hint`: what else to do, as a sentence; empty: nothing. */
  nothingKnown: (reason: string, hint: string): string =>
    `What listens on the pod is not known: ${reason}. ${hint || 'Say which port to forward.'}`,
  nothing: 'No port is saved for this pod, and no known service listens on it. Say which port to forward.',
  nothingListens: (port: number): string => `Nothing listens on port ${port} of the pod yet.`,
  forgotten: 'The saved ports of this pod were removed.',
}
