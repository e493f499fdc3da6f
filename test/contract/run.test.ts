import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Exchange } from '../../contract/exchange'
import { editRequests, formRequests } from '../../contract/pod-requests'
import { loadDocument } from '../../contract/load-document'
import { providerRequests } from '../../contract/provider-requests'
import { runContract } from '../../contract/run'
import { simulatorReplies } from '../../contract/simulator-replies'
import { createBody, updateBody } from '../../src/providers/runpod/pod-bodies'
import { accountRoutes } from '../../src/simulator/api/account-routes'
import { podRoutes } from '../../src/simulator/api/pod-routes'
import { startHttpServer, text } from '../harness/http/http-server'
import { kites } from './kites'

async function fileWith(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'contract-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'openapi.json')
  await writeFile(file, content)
  return file
}

describe('the exchanges checked against the document', () => {
  let replies: readonly Exchange[]
  beforeAll(async () => {
    replies = await simulatorReplies()
  })

  it.each([...podRoutes, ...accountRoutes].map(({ method, path }) => [method, path] as const))(
    'include a successful reply of every endpoint: %s %s',
    (method, path) => {
      const pattern = new RegExp(`^${path.replace(':id', '[^/]+')}$`)
      const good = replies.filter(
        (each) => each.method === method && pattern.test(each.path) && each.status < 300,
      )
      expect(good.length).toBeGreaterThan(0)
    },
  )

  it('include every kind of rejection', () => {
    const statuses = new Set(replies.map(({ status }) => status))
    expect([...statuses].filter((status) => status >= 400).sort((a, b) => a - b)).toEqual([
      400, 401, 402, 403, 404, 405, 408, 409, 410, 422, 429, 500,
    ])
  })

  it('include the beginning of an event stream', () => {
    const logs = replies.find(({ path, status }) => path.endsWith('/logs') && status === 200)!
    expect(logs.replyHeaders.get('content-type')).toBe('text/event-stream')
    expect(logs.replyBody).toMatch(/^id: \S+\ndata: \{/)
  })

  it("include the provider's requests, with the second page of a list", async () => {
    const sent = await providerRequests()
    const isOfCreation = ({ method, path }: (typeof sent)[number]): boolean =>
      /^\/v2\/(catalog|templates|account\/(secrets|limits)|network-volumes\/|pods\/running$)/.test(path) ||
      (method !== 'GET' && /^\/v2\/(pods|network-volumes)$/.test(path))
    const others = sent.filter((each) => !isOfCreation(each))
    expect(others.map(({ method, path, requestBody }) => `${method} ${path} ${requestBody}`.trim())).toEqual([
      'GET /v2/pods',
      'GET /v2/pods',
      'POST /v2/pods/stopped/action {"action":"start"}',
      'POST /v2/pods/running/action {"action":"restart"}',
      'POST /v2/pods/running/action {"action":"stop"}',
      'POST /v2/pods/stopped/action {"action":"terminate"}',
      expect.stringMatching(/^POST \/graphql \{"query":.*clientBalance/),
      'POST /graphql {"query":"query { myself { id } }"}',
      expect.stringMatching(/^POST \/graphql .*pod\(input: .*lastStatusChange/),
      'GET /v2/network-volumes',
      'GET /v2/billing/pods',
      'GET /v2/billing/network-volumes',
      'GET /v2/billing',
      'GET /v2/account/ssh-keys',
      'PUT /v2/account/ssh-keys {"keys":[]}',
      'GET /v2/pods/running/logs',
      'GET /v2/pods/running/logs',
      'GET /v2/pods/running/logs',
      'GET /v2/serverless',
      'GET /v2/serverless',
      'GET /v2/serverless/idle',
      'GET /v2/serverless/idle/workers',
      'PATCH /v2/serverless/idle {"workers":{"min":0}}',
    ])
    expect(sent[1]!.query.has('cursor')).toBe(true)
    expect(others.every(({ status }) => [200, 204].includes(status))).toBe(true)
    expect(sent.every(({ hasKey }) => hasKey)).toBe(true)
  })

  it('include each request that creation needs', async () => {
    const sent = await providerRequests()
    const wanted = [
      'POST /v2/pods',
      'PATCH /v2/pods/running',
      'GET /v2/pods/running',
      'GET /v2/catalog/gpus',
      'GET /v2/catalog/cpus',
      'GET /v2/catalog/datacenters',
      'GET /v2/catalog/templates',
      'GET /v2/templates',
      'POST /v2/network-volumes',
      'PATCH /v2/network-volumes/volume',
      'DELETE /v2/network-volumes/spare',
      'GET /v2/account/secrets',
      'GET /v2/account/limits',
    ]
    const good = sent.filter(({ status }) => status < 300)
    for (const each of wanted) expect(good.map(({ method, path }) => `${method} ${path}`)).toContain(each)
  })

  it('include what forms of a new pod and of an edit come to', async () => {
    const [plain, withForms] = [await providerRequests(), await providerRequests(100)]
    expect(withForms.length).toBeGreaterThan(plain.length + 10)
    const edits = (requests: typeof plain) =>
      requests.filter(({ method, path }) => method === 'PATCH' && path.includes('/pods/'))
    expect(edits(withForms).length).toBeGreaterThan(edits(plain).length + 80)
    expect(edits(withForms).filter(({ status }) => status === 422)).toEqual([])
  })
})

/** Each field that a body has, with those of what it contains; of variables only that there are some. */
const fieldsOf = (body: object): readonly string[] =>
  Object.entries(body).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && name !== 'env'
      ? [name, ...fieldsOf(value as object).map((field) => `${name}.${field}`)]
      : [name],
  )

describe('the forms that are compared', () => {
  it('come to every field that the form of a new pod can send', () => {
    const sent = new Set(formRequests(400).flatMap((request) => fieldsOf(createBody(request))))
    expect([...sent].sort()).toEqual([
      'args',
      'cloud',
      'cpu',
      'cpu.id',
      'cpu.vcpuCount',
      'dataCenterIds',
      'disk',
      'env',
      'globalNetworking',
      'gpu',
      'gpu.allowedCudaVersions',
      'gpu.count',
      'gpu.id',
      'gpu.minCudaVersion',
      'image',
      'mounts',
      'mounts.network',
      'mounts.persistent',
      'mounts.persistent.path',
      'mounts.persistent.size',
      'name',
      'ports',
      'registry',
      'startJupyter',
      'startSsh',
      'templateId',
    ])
    const keys = formRequests(400).filter(({ environment }) => 'PUBLIC_KEY' in environment)
    expect(keys.length).toBeGreaterThan(0)
  })

  it('come to every field that the form of an edit can send', () => {
    const sent = new Set(editRequests(200).flatMap((changes) => fieldsOf(updateBody(changes))))
    expect([...sent].sort()).toEqual([
      'args',
      'disk',
      'env',
      'globalNetworking',
      'image',
      'mounts',
      'mounts.persistent',
      'mounts.persistent.path',
      'mounts.persistent.size',
      'name',
      'ports',
      'registry',
    ])
  })

  it('keep to what the document says in prose only', () => {
    for (const request of formRequests(1_500)) {
      const { gpu, cpu, mounts, image, templateId, ports, env } = createBody(request) as {
        gpu?: { allowedCudaVersions?: unknown; minCudaVersion?: unknown; count?: unknown }
        cpu?: { vcpuCount: number }
        mounts?: { persistent?: { size: number; path: string }; network?: readonly unknown[] }
        image?: unknown
        templateId?: unknown
        ports?: readonly string[]
        env?: object
      }
      expect([gpu, cpu].filter((each) => each !== undefined)).toHaveLength(1)
      expect([gpu?.allowedCudaVersions, gpu?.minCudaVersion]).toContain(undefined)
      expect(cpu === undefined || Math.log2(cpu.vcpuCount) % 1 === 0).toBe(true)
      expect(cpu !== undefined && mounts?.persistent !== undefined).toBe(false)
      expect(mounts?.persistent !== undefined && mounts.network !== undefined).toBe(false)
      expect(mounts?.persistent?.size ?? 10).toBeGreaterThanOrEqual(10)
      expect(image ?? templateId).toBeDefined()
      expect((ports ?? []).every((port) => /^[1-9]\d{0,4}\/(tcp|http|udp)$/.test(port))).toBe(true)
      // With the variable that names the request.
      expect(Object.keys(env ?? {}).length).toBeLessThan(50)
    }
  })
})

describe('the contract command', () => {
  it("fails if the simulator's replies differ from the document", async () => {
    const printed: string[] = []
    const code = await runContract([await fileWith(JSON.stringify(kites))], (line) => printed.push(line))
    expect(code).toBe(1)
    // Its digest tells one version of the document from another that calls itself the same.
    expect(printed[0]).toMatch(/^Compared with .+ \([0-9a-f]{12}\), from \/.+/)
    expect(printed.join('\n')).toContain('GET /v2/pods  request: is not in the document')
  })

  it('says what to do if there is no document', async () => {
    const printed: string[] = []
    const code = await runContract(['/none/openapi.json'], (line) => printed.push(line))
    expect(code).toBe(2)
    expect(printed[0]).toContain('/none/openapi.json cannot be read')
  })
})

describe('the API document', () => {
  it('is read from a file or an address', async () => {
    const server = await startHttpServer()
    onTestFinished(() => server.close())
    server.reply(text(JSON.stringify(kites)))
    expect(await loadDocument(server.origin)).toEqual(kites)
    expect(await loadDocument(await fileWith(JSON.stringify(kites)))).toEqual(kites)
  })

  it.each([
    ['YAML', 'openapi: 3.1.0', 'is not JSON'],
    ['an older kind', '{"swagger":"2.0"}', 'is not an OpenAPI 3.0 or 3.1 document'],
    ['a list', '[]', 'is not an OpenAPI 3.0 or 3.1 document'],
    ['an empty one', '{"openapi":"3.1.0"}', 'has no paths'],
  ])('is rejected if it is %s', async (_, content, message) => {
    await expect(loadDocument(await fileWith(content))).rejects.toThrow(message)
  })

  it('is reported with a solution if it cannot be fetched', async () => {
    const server = await startHttpServer()
    server.reply(text('gone', { status: 404 }))
    await expect(loadDocument(server.origin)).rejects.toThrow(
      'cannot be fetched: the answer is 404. Give a file',
    )
    await server.close()
    await expect(loadDocument(server.origin)).rejects.toThrow('ECONNREFUSED')
  })
})
