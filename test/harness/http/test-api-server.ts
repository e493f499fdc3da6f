import { mkdtempSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type ApiToken, type TokenScope, tokenScopes } from '../../../src/core/pods-api/api-token'
import { createEventLog } from '../../../src/core/pods-api/api-event'
import type { ApiBackend, ApiPod } from '../../../src/core/pods-api/api-types'
import { createSystemClock } from '../../../src/node/clock'
import { openApiRequestsFile } from '../../../src/node/pods-api/api-requests-file'
import { type ApiServer, type ApiServerOptions, startApiServer } from '../../../src/node/pods-api/api-server'
import { openApiSecret } from '../../../src/node/data-folder/secrets/api-secret-file'
import { jsonHttp } from '../../../src/node/pods-api/http-reply'

const LAB = { id: 'lab1', slug: 'lab' }

export function fakeBackend(acts: string[]): ApiBackend {
  const pod: ApiPod = {
    id: 'pod_a',
    labId: LAB.id,
    status: 'running',
    body: () => ({
      _id: 'pod_a',
      labId: LAB.id,
      provider: 'runpod',
      gpuType: 'H100',
      gpuCount: 1,
      status: 'running',
    }),
  }
  const done = (what: string) => {
    acts.push(what)
    return { ok: true, status: 200, value: pod.body(true) } as const
  }
  return {
    labs: () => [LAB],
    labBody: () => LAB,
    findLab: (id) => (id === LAB.id ? LAB : null),
    findLabBySlug: () => LAB,
    canAccess: () => true,
    pods: () => [pod],
    findPod: (id) => (id === pod.id ? pod : null),
    ssh: () => null,
    costs: () => ({}),
    monthCosts: () => null,
    experiments: () => [],
    activity: () => [],
    act: (_pod, action) => done(action),
    create: () => done('create'),
    changeSettings: () => done('settings'),
  }
}

interface StartedApiServer {
  readonly server: ApiServer
  readonly port: number
  readonly acts: string[]
  readonly revoked: Set<string>
  readonly folder: string
}

/** The real server over a backend of one pod, at any free port. */
export async function startTestApiServer(options: Partial<ApiServerOptions> = {}): Promise<StartedApiServer> {
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-api-'))
  const acts: string[] = []
  const revoked = new Set<string>()
  const clock = createSystemClock()
  const requests = openApiRequestsFile(folder, () => clock.now().wallMs)
  const token = (
    name: string,
    scopes: readonly TokenScope[],
    accountIds: readonly string[] | null = null,
  ): ApiToken => ({
    id: `tok_${name}`,
    name,
    hash: '0'.repeat(64),
    scopes,
    accountIds,
    maxHourlyUsd: null,
    podNames: null,
    createdAtMs: 0,
    expiresAtMs: null,
  })
  const tokens: Record<string, ApiToken> = {
    reader: token('reader', ['pods:read']),
    writer: token('writer', ['pods:write']),
    ender: token('ender', ['pods:terminate']),
    limited: token('limited', ['pods:read'], ['a']),
    alice: { ...token('alice', [...tokenScopes]), podNames: ['alice-*'] },
  }
  const server = await startApiServer({
    health: async () => jsonHttp({ live: true, acting: true, reason: null, outdated: false }),
    listenAt: { kind: 'address', host: '127.0.0.1', port: 0 },
    tokens: { find: (presented) => (revoked.has(presented) ? null : (tokens[presented] ?? null)) },
    requests,
    clock,
    backendFor: () => Promise.resolve(fakeBackend(acts)),
    events: createEventLog('run1'),
    secret: openApiSecret(folder),
    pages: {},
    report: () => {},
    ...options,
  })
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
    requests.close()
  })
  const address = server.address()
  return {
    server,
    port: typeof address === 'string' ? 0 : (address as AddressInfo).port,
    acts,
    revoked,
    folder,
  }
}
