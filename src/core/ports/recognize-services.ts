import { isToken, type ListeningPort, type ListeningReading } from './listening-ports'
import { type PortForward, SHARED_ADDRESS } from './port-forward'

export const serviceKinds = ['jupyter', 'tensorboard', 'comfyui', 'gradio', 'vllm'] as const
export type ServiceKind = (typeof serviceKinds)[number]

export const serviceNames: Readonly<Record<ServiceKind, string>> = {
  jupyter: 'Jupyter',
  tensorboard: 'TensorBoard',
  comfyui: 'ComfyUI',
  gradio: 'Gradio',
  vllm: 'vLLM',
}

/** A service that people open in a browser or by its API. */
export interface Service {
  readonly kind: ServiceKind
  readonly port: number
  /** A secret that opens it; null: none is known. */
  readonly token: string | null
}

const defaultPorts: Readonly<Record<ServiceKind, number>> = {
  jupyter: 8888,
  tensorboard: 6006,
  comfyui: 8188,
  gradio: 7860,
  vllm: 8000,
}

function kindOf({ command, port }: ListeningPort): ServiceKind | null {
  // A kernel of Jupyter names its files.
  if (command === null || /ipykernel/.test(command)) return null
  if (/(^|[/ ])jupyter(-?(lab|notebook|server))?( |$)|jupyterlab|jupyter_server/.test(command))
    return 'jupyter'
  if (/(^|[/ ])tensorboard(\.main|\/main\.py)?( |$)/.test(command)) return 'tensorboard'
  if (/(^|[/ ])vllm( serve|\.entrypoints)/.test(command)) return 'vllm'
  const isPython = /(^|\/)python[\d.]* /.test(command)
  if (/comfyui/i.test(command) || (isPython && /main\.py/.test(command) && port === defaultPorts.comfyui))
    return 'comfyui'
  // An app of Gradio is any program, which takes the next port when its own is in use.
  const isGradioPort = port >= defaultPorts.gradio && port < defaultPorts.gradio + 10
  return /gradio/i.test(command) || (isPython && isGradioPort) ? 'gradio' : null
}

/**
 * The known services among what listens on a pod: by its command line, and where that says too little, by its usual
 * port. One that listens on several ports is offered at the one in its arguments, else its usual one, else its first.
 * See docs/product-rules.md#132-ports.
 */
export function recognizeServices({ ports, jupyterServers }: ListeningReading): readonly Service[] {
  const found = ports.flatMap((listening) => {
    const kind = kindOf(listening)
    return kind === null ? [] : [{ ...listening, kind }]
  })
  return found
    .filter((one) => {
      const same = found.filter(({ kind, processId }) => kind === one.kind && processId === one.processId)
      return (
        one.port ===
        mainPort(
          one.kind,
          one.command ?? '',
          same.map(({ port }) => port),
        )
      )
    })
    .map(({ kind, port, command }) => ({
      kind,
      port,
      token:
        kind === 'jupyter'
          ? (jupyterServers.find((server) => server.port === port)?.token ?? tokenIn(command ?? ''))
          : null,
    }))
}

function mainPort(kind: ServiceKind, command: string, ports: readonly number[]): number {
  const [, told] = / (?:--(?:\w+\.)?port|-p)[= ](\d{1,5})\b/.exec(command) ?? []
  if (ports.includes(Number(told))) return Number(told)
  return ports.includes(defaultPorts[kind]) ? defaultPorts[kind] : Math.min(...ports)
}

function tokenIn(command: string): string | null {
  const [, token = ''] = / --(?:\w+\.)+token[= ]([^ ]+)/.exec(command) ?? []
  return isToken(token) ? token : null
}

/** A pod can announce as many as it likes. */
const MAX_UNASKED = 20
/** How far above its usual port a service takes the next one when that is in use. */
const USUAL_PORTS = 100

/**
 * Forwards of services that nobody named. What a pod announces doesn't choose ports of this computer, where other
 * programs may expect a service of their own: here they are near their usual ones.
 */
export const forwardsOf = (services: readonly Service[]): readonly PortForward[] =>
  services.slice(0, MAX_UNASKED).map(({ kind, port }) => {
    const usual = defaultPorts[kind]
    return { remotePort: port, localPort: port >= usual && port < usual + USUAL_PORTS ? port : usual }
  })

/** Where a forwarded service is opened. */
export function serviceUrl(
  service: Pick<Service, 'token'> | null,
  localPort: number,
  address: string = SHARED_ADDRESS,
): string {
  const query = service?.token == null ? '' : `?token=${encodeURIComponent(service.token)}`
  return `http://${address}:${localPort}/${query}`
}
