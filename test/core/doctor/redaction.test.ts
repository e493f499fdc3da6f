import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRecorder } from '../../../src/core/doctor/recording/recorder'
import { parseRecording } from '../../../src/core/doctor/recording/recording'
import type { RawLogLine } from '../../../src/core/pods/pod-logs'
import type { ObservedReply } from '../../../src/core/pods/provider'
import { createFakeClock, START_MS } from '../../harness/base/fake-clock'

/* A recording is sent to others, so nothing of a user's own may be in it. */

const CANARY = /canary/i
let serial = 0
const canary = (): string => `Canary${(serial += 1)}x`

/** A reply of this form, with a canary for every text and every key that isn't the API's own. */
function withCanaries(value: unknown): unknown {
  if (typeof value === 'string') return canary()
  if (Array.isArray(value)) return value.map(withCanaries)
  if (typeof value !== 'object' || value === null) return value
  return {
    ...Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withCanaries(part)])),
    [canary()]: { [canary()]: [canary(), { [canary()]: canary() }] },
  }
}

/** A pod with every field that is known, and the deepest ones filled. */
const endpoint = { host: 'h', port: 7, username: 'u', command: 'c' }
const wholePod = {
  id: 'p',
  name: 'n',
  image: 'i',
  args: 'a',
  cmd: ['c'],
  entrypoint: ['e'],
  status: 's',
  statusReason: 'r',
  error: 'e',
  message: 'm',
  actions: ['a'],
  gpu: { id: 'g', count: 1, vcpuCount: 8, memory: 80 },
  cpu: { id: 'c', vcpuCount: 8, memory: 80 },
  disk: 1,
  mounts: { persistent: { size: 1, path: 'p' }, network: [{ volumeId: 'v', path: 'p' }] },
  ports: ['p'],
  env: { SECRET: 's' },
  registry: 'r',
  template: 't',
  cloud: 'c',
  dataCenterId: 'd',
  cudaVersion: 'c',
  ssh: { proxy: endpoint, direct: endpoint },
  cost: 1,
  locked: true,
  globalNetworking: { enabled: true, ip: 'i', internalDns: 'd' },
  cluster: { id: 'c', rank: 0, role: 'r', ip: 'i' },
  runtime: {
    uptime: 1,
    gpus: [{ util: 1, memoryUtil: 1, id: 'g' }],
    cpu: { util: 1 },
    memory: { util: 1 },
    ports: [{ private: 22, public: 40022, type: 't', ip: 'i' }],
  },
  createdAt: 't',
  startedAt: 't',
}

const forms: Record<string, unknown> = {
  '/pods': { pods: [wholePod], pagination: { hasNextPage: true, nextCursor: 'c' } },
  '/pods/x': wholePod,
  '/billing/pods': { records: [{ startTime: 't', endTime: 't', podId: 'p', totalAmount: 1 }] },
  '/catalog/gpus': {
    gpus: [
      {
        id: 'g',
        name: 'n',
        manufacturer: 'm',
        memory: 1,
        price: { secure: 1 },
        availability: 'a',
        dataCenters: [{ id: 'd', name: 'n', availability: 'a' }],
        cudaVersions: [{ version: 'v', available: true }],
      },
    ],
  },
  '/account/ssh-keys': { keys: ['k'] },
  '/account/limits': { spendRate: { limit: 'l' }, serverlessWorkers: { max: 'm' } },
  '/graphql': {
    data: { myself: { id: 'i', email: 'e', clientBalance: 1, currentSpendPerHr: 1 } },
    errors: [{ message: 'm', path: ['myself', 'p'], extensions: { code: 'c' } }],
  },
  '/unknown': { any: ['thing', { at: 'all' }] },
}

const reply = (more: Partial<ObservedReply> = {}): ObservedReply => ({
  method: 'GET',
  path: '/pods',
  query: {},
  status: 200,
  headers: {},
  body: null,
  ...more,
})

function record(replies: readonly ObservedReply[], lines: readonly RawLogLine[] = []) {
  const clock = createFakeClock()
  const recorder = createRecorder(clock, 'a test')
  for (const each of replies) recorder.add(each)
  recorder.addLines(lines)
  const text = JSON.stringify(recorder.recording())
  const read = parseRecording(text)
  if (!read.ok) throw new Error(read.error)
  return { text, recording: read.value, bodies: read.value.replies.map(({ body }) => body as any) }
}

describe('nothing of a user’s own is in a recording', () => {
  test.each(Object.keys(forms))('of a reply to %s, whatever its status', (path) => {
    for (const status of [200, 400, 403, 422, 500, null]) {
      const { text } = record([reply({ path, status, body: JSON.stringify(withCanaries(forms[path])) })])
      expect(text).not.toMatch(CANARY)
    }
  })

  test('in ids of paths, parameters, queries, headers, pages and log lines', () => {
    const headers = {
      [canary()]: canary(),
      'content-type': `${canary()}; charset=${canary()}`,
      date: canary(),
      'retry-after': canary(),
      ratelimit: `"${canary()}";r=1;t=2, "minute";r=3;t=${canary()}`,
      'ratelimit-policy': canary(),
      'x-request-id': canary(),
      'set-cookie': canary(),
      server: canary(),
    }
    const { text, recording } = record(
      [
        reply({ path: `/pods/${canary()}`, query: { cursor: canary(), [canary()]: canary() }, headers }),
        reply({
          path: `/${canary()}/${canary()}`,
          body: `<html>${canary()} error code: 1010</html>`,
          status: 403,
        }),
        reply({ path: '/graphql', method: 'POST', graphql: `query { ${canary()}(id: "${canary()}") }` }),
        reply({ path: `/pods/${canary()}/logs` }),
      ],
      (['container', 'system'] as const).flatMap((source) =>
        [
          canary(),
          `error creating container: image pull: ${canary()}`,
          `create container: still fetching image ${canary()}`,
          `start container for ${canary()}: begin`,
          `0123456789ab Downloading [==>  ] ${canary()} 1.2MB/3.4GB`,
          `0123456789ab Pull complete ${canary()}`,
          `0123456789ab ${canary()}`,
        ].map((line) => ({ id: canary(), source, atMs: START_MS, text: line })),
      ),
    )
    expect(text).not.toMatch(CANARY)
    expect(recording.replies[0]!.headers).toEqual({ ratelimit: '"window-1";r=1;t=2' })
    expect(recording.replies[1]!.text).toMatch(/^error code: 1010 text-\d+$/)
    expect(
      recording.replies[3]!.events!.slice(7).map(({ line }) => line.replace(/line-\d+/, 'line-N')),
    ).toEqual([
      'line-N',
      'error creating container: image pull: line-N',
      'create container: still fetching image line-N',
      'start container line-N',
      '000000000001 Downloading 1.2MB/3.4GB',
      '000000000001 Pull complete',
      'line-N',
    ])
  })

  test('in any JSON', () => {
    const json = fc
      .jsonValue({ depthSize: 'medium' })
      .map((value) =>
        JSON.parse(JSON.stringify(value), (_, part) =>
          typeof part === 'string'
            ? canary()
            : typeof part === 'object' && part !== null && !Array.isArray(part)
              ? Object.fromEntries(Object.values(part).map((each) => [canary(), each]))
              : part,
        ),
      )
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(forms)), json, (path, value) => {
        expect(record([reply({ path, body: JSON.stringify(value) })]).text).not.toMatch(CANARY)
      }),
      { numRuns: 100 },
    )
  })

  test('numbers and booleans stay only where they are figures', () => {
    const secret = 735_519_204
    const pod = {
      ...wholePod,
      pin: secret,
      deep: { pin: secret },
      flag: true,
      name: secret,
      env: { PIN: secret },
    }
    const { text, bodies } = record([
      reply({ body: JSON.stringify({ pods: [pod, { ...pod, id: 'q' }] }) }),
      reply({ path: '/graphql', body: JSON.stringify({ data: { myself: { clientBalance: secret } } }) }),
      reply({
        path: '/billing/pods',
        body: JSON.stringify({ records: [{ totalAmount: secret, podId: 'p' }] }),
      }),
    ])
    expect(text).not.toContain(String(secret))
    expect(bodies[0].pods[0]).toMatchObject({ cost: 1, locked: true, gpu: { count: 1, memory: 80 } })
    expect(Object.values(bodies[0].pods[0])).toContain(false)
  })
})

describe('what a recording is for stays in it', () => {
  test('states, figures, GPU types and ages, and which values are equal', () => {
    const pod = {
      ...wholePod,
      status: 'RUNNING',
      actions: ['stop', 'fly'],
      gpu: { id: 'NVIDIA H100 80GB HBM3', count: 2 },
      cloud: 'SECURE',
      dataCenterId: 'CA-MTL-1',
      ports: ['8888/http', '22/tcp'],
      createdAt: new Date(START_MS - 3_600_000).toISOString(),
      startedAt: null,
    }
    const { bodies, recording } = record([
      reply({ body: JSON.stringify({ pods: [pod, { ...pod, id: 'q', name: 'p' }] }) }),
      reply({ path: '/pods/p', body: JSON.stringify(pod) }),
      reply({ path: '/pods/q/logs' }),
    ])
    const [first, second] = bodies[0].pods
    expect(first).toMatchObject({
      id: 'pod-1',
      name: 'name-1',
      status: 'RUNNING',
      actions: ['stop', 'word-1'],
      gpu: { id: 'NVIDIA H100 80GB HBM3', count: 2 },
      dataCenterId: 'CA-MTL-1',
      ports: ['8888/http', '22/tcp'],
      env: { 'variable-1': 'value-1' },
      createdAt: '@-3600s',
      startedAt: null,
      runtime: { uptime: 1, gpus: [{ util: 1, memoryUtil: 1 }] },
    })
    // The second pod is named as the first one's id.
    expect(second).toMatchObject({ id: 'pod-2', name: 'pod-1' })
    expect(bodies[1].id).toBe('pod-1')
    expect(recording.replies.map(({ path }) => path)).toEqual(['/pods', '/pods/pod-1', '/pods/pod-2/logs'])
  })

  test('an error is still the same error', () => {
    const { bodies } = record([
      reply({
        status: 403,
        body: JSON.stringify({ title: 'Forbidden', status: 403, detail: 'access denied', errors: ['x'] }),
      }),
      reply({
        path: '/graphql',
        body: JSON.stringify({
          data: { myself: { clientBalance: null } },
          errors: [
            {
              message: 'Permission denied for tom',
              path: ['myself', 'clientBalance'],
              extensions: { code: 'FORBIDDEN' },
            },
          ],
        }),
      }),
    ])
    expect(bodies[0]).toEqual({
      title: 'Forbidden',
      status: 403,
      detail: 'access denied',
      errors: ['text-1'],
    })
    expect(bodies[1].errors).toEqual([
      {
        message: 'access denied (text-2)',
        path: ['myself', 'clientBalance'],
        extensions: { code: 'FORBIDDEN' },
      },
    ])
  })
})

test('a file that is no recording is refused with the place that is wrong', () => {
  const { recording } = record([reply()])
  const read = (value: unknown) => parseRecording(JSON.stringify(value))
  expect(parseRecording('{')).toEqual({ ok: false, error: 'The file is not JSON.' })
  expect(read({ ...recording, replies: [] })).toMatchObject({ ok: false })
  expect(read({ ...recording, more: 1 })).toMatchObject({ ok: false })
  for (const wrong of [{ path: '/a?b' }, { status: 99 }, { headers: { 'x y': '1' } }, { method: 'DELETE' }])
    expect(read({ ...recording, replies: [{ ...recording.replies[0], ...wrong }] })).toMatchObject({
      ok: false,
      error: expect.stringContaining(`replies.0.${Object.keys(wrong)[0]}`) as string,
    })
})
