import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'

export interface TeamServer {
  /** With a certificate that nobody trusts: test/fixtures/self-signed. */
  readonly origin: string
  /** What it was asked to do, such as "POST /api/v1/pods/a/stop {}". */
  readonly asked: readonly string[]
  readonly close: () => Promise<void>
}

/** What it accepts. */
export const TEAM_TOKEN = `pkp_${'t'.repeat(40)}`

/** A server of the Pods API that keeps the account with these pods, and holds what it is asked to hold. */
export async function startTeamServer(
  podIds: () => readonly string[],
  nowMs: () => number,
): Promise<TeamServer> {
  const asked: string[] = []
  const held = new Map<string, number>()
  const bodies = (path: string): unknown => {
    if (path.startsWith('/api/v1/labs')) return [{ id: 'team', autoStop: 'ticked' }]
    if (path.startsWith('/api/v1/experiments')) {
      const job = { _id: 'j1', title: 'fit-planck', status: 'running', createdAt: nowMs() - 3_600_000 }
      return [job, { ...job, _id: 'j2', title: 'mcmc-chain-7', status: 'queued' }]
    }
    if (path.startsWith('/api/v1/activity')) {
      const entry = {
        _id: 'e1',
        message: 'Stopped llama for bob',
        createdAt: nowMs(),
        computer: 'lab-server',
      }
      return { activity: [entry], total: 1 }
    }
    return podIds().map((id) => ({
      _id: `pod_${id}`,
      runpodPodId: id,
      rules: {
        isAutoStopEnabled: true,
        keepRunning: held.has(id) ? { until: held.get(id) } : null,
        rules: { isAutoStopped: true, maxHours: 9 },
      },
      // In half an hour, by the clock of the app.
      nextStop: { state: 'planned', cause: 'max-hours', action: 'stop', at: nowMs() + 1_800_000 },
    }))
  }
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request
    let body = ''
    for await (const chunk of request as AsyncIterable<Buffer>) body += String(chunk)
    if (method !== 'GET') asked.push(`${method} ${url} ${body}`.trim())
    const pod = /^\/api\/v1\/pods\/(\w+)\/keep-running$/.exec(url)?.[1]
    if (pod !== undefined) {
      if (body.includes('off')) held.delete(pod)
      else held.set(pod, Date.now() + 3_600_000)
    }
    const isAllowed = url === '/health' || headers.authorization === `Bearer ${TEAM_TOKEN}`
    response.writeHead(isAllowed ? 200 : 401, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify(
        isAllowed
          ? { data: bodies(url), meta: { next_cursor: null } }
          : { error: { message: 'the token is not known' } },
      ),
    )
  }
  const folder = resolve('test/fixtures/self-signed')
  const server = createServer(
    { key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/certificate.pem`) },
    (request, response) => void answer(request, response),
  )
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  return {
    origin: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((settle) => {
        server.close(() => settle())
        server.closeAllConnections()
      }),
  }
}
