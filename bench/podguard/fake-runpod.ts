import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ApiFault } from './pod-day'

/** One pod as Runpod's API shows it. */
export interface ServedPod {
  readonly key: string
  fault: ApiFault | null
  /** Called when it is read, before the answer. */
  onRead?: () => void
  /** Called at an accepted stop. */
  onStop: () => void
  /** Requests that no guard may send. */
  readonly offenses: string[]
  requests: number
}

export interface FakeRunpod {
  readonly apiBase: string
  readonly pods: Map<string, ServedPod>
  close(): Promise<void>
}

/** Runpod's `GET /v2/pods/{id}` and its action over real HTTP on loopback, with its proxy, which refuses Python's name. */
export async function startFakeRunpod(): Promise<FakeRunpod> {
  const pods = new Map<string, ServedPod>()
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      if (headers['user-agent']?.startsWith('Python-urllib/')) return refuseAgent(response)
      const id = /^\/v2\/pods\/([\w-]+)(\/action)?$/.exec(url)?.[1]
      const pod = id === undefined ? undefined : pods.get(id)
      if (id === undefined || pod === undefined) return answer(response, 404, { title: 'Not found' })
      pod.requests += 1
      const body = Buffer.concat(parts).toString()
      const isStop = method === 'POST' && url.endsWith('/action')
      if (isStop ? body !== '{"action":"stop"}' : method !== 'GET' || body !== '')
        pod.offenses.push(`sent ${method} ${url} ${body}`)
      if (isStop && headers['content-type'] !== 'application/json') pod.offenses.push('sent no JSON')
      if (headers.authorization !== `Bearer ${pod.key}`) pod.offenses.push('sent another key')
      if (!/^Podkeeper-guard\/\d+$/.test(headers['user-agent'] ?? ''))
        pod.offenses.push('sent no name of its own')
      if (pod.requests === 1 && isKeyInArguments(pod.key)) pod.offenses.push('has the key in an argument')
      if (!isStop) pod.onRead?.()
      if (!reply(response, id, pod.fault, isStop)) return
      if (isStop) pod.onStop()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    apiBase: `http://127.0.0.1:${port}/v2`,
    pods,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** As the proxy in front of the API refuses a client by its name, before the API sees the request. */
function refuseAgent(response: ServerResponse): void {
  response
    .writeHead(403, { 'content-type': 'text/html; charset=UTF-8', server: 'cloudflare' })
    .end(
      '<html><title>Access denied | api.runpod.io used Cloudflare to restrict access</title>Error 1010</html>',
    )
}

/** Returns whether the request succeeded. */
function reply(response: ServerResponse, id: string, fault: ApiFault | null, isStop: boolean): boolean {
  switch (fault) {
    case 'drop':
      response.destroy()
      return false
    case 'garbage':
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<html>"status":"RUNNING" all is well</html>')
      return false
    case 302:
      response.writeHead(302, { location: `http://127.0.0.1:9/v2/pods/${id}` }).end()
      return false
    case 'locked':
    case 'not-running':
    case null:
      break
    default:
      answer(response, fault, { title: 'Problem', status: fault, detail: `"id":"${id}"` })
      return false
  }
  const status = fault === 'not-running' ? 'STARTING' : isStop ? 'EXITED' : 'RUNNING'
  const env = { NOTE: '"locked":true, "status":"EXITED"\nHTTP/1.1 401 No', RUNPOD_POD_ID: id }
  answer(response, 200, { id, name: 'pod', env, status, gpu: { id: 'A40' }, locked: fault === 'locked' })
  return true
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Whether any process shows it while the request is under way. */
function isKeyInArguments(key: string): boolean {
  return readdirSync('/proc').some((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(key)
    } catch {
      return false
    }
  })
}
