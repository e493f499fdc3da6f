import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { defaultLabs } from '../../../src/simulator/hubify/default-labs'
import type { LabSpec } from '../../../src/simulator/labs/lab-spec'
import { type CurlReply, hasCurl, runCurl, sendParsedCurl } from '../../harness/http/curl'
import { startSimulator } from '../../harness/cli/cli'
import { quickPod } from '../../harness/cli/watched'
import { type ServedFolder, startServed } from '../../harness/cli/served'

/*
 * The examples of Hubify's page about its Pods API, as they stand there, against `podkeeper serve`: for a lab, with the
 * ids of the page, and for an account at Runpod, with its own. The simulated world runs them in
 * test/simulator/hubify/curl-examples.test.ts.
 */
/** A lab is polled slowly, and a busy computer is slow. */
const PATIENCE = { timeout: 250_000, interval: 200 }
const SLOWLY = { timeout: 900_000 }
const runExample = hasCurl ? runCurl : sendParsedCurl
const examples = readFileSync(join(import.meta.dirname, '../../fixtures/hubify/pods-api.sh'), 'utf8').split(
  /\n\n/,
)

const part = {
  create: '/v1/pods \\\n',
  list: '&status=running',
  detail: '/v1/pods/pod_abc123 \\\n',
  ssh: 'pod_abc123/ssh',
  stop: 'pod_abc123/stop',
  restart: 'pod_abc123/restart',
  terminate: 'pod_abc123/terminate',
  costs: '/v1/pods/costs?',
  settings: '/labs/dark-energy/settings',
} as const

/** `ids`: those of the page are replaced by them. */
const sender =
  (served: ServedFolder, ids: Readonly<Record<string, string>> = {}) =>
  async (name: keyof typeof part): Promise<CurlReply & { body: any }> => {
    const found = examples.filter((each) => each.includes(part[name]))
    expect(found).toHaveLength(1)
    const own = Object.entries({ 'https://www.hubify.com': served.origin, ...ids })
    const example = own.reduce((text, [from, to]) => text.replaceAll(from, to), found[0]!.trim())
    const reply = await runExample(example, served.token)
    return { ...reply, body: JSON.parse(reply.text) }
  }

async function runsAllExamples(
  served: ServedFolder,
  send: ReturnType<typeof sender>,
  podId: string,
): Promise<void> {
  await vi.waitFor(
    async () =>
      expect((await send('detail')).body.data).toMatchObject({
        status: 'running',
        gpuUtilization: expect.any(Number),
      }),
    PATIENCE,
  )
  const list = await send('list')
  expect(list.status).toBe(200)
  expect(list.body.data.map(({ _id }: any) => _id)).toContain(podId)
  expect(list.body.data.every(({ status }: any) => status === 'running')).toBe(true)
  const detail = await send('detail')
  expect(detail.body.data).toMatchObject({ _id: podId, provider: 'runpod', verdict: { state: 'idle' } })
  expect(detail.body.data.gpuUtilization).toBeLessThanOrEqual(2)
  const ssh = await send('ssh')
  expect(ssh).toMatchObject({ status: 200, body: { data: { username: 'root' } } })
  expect(ssh.body.data.command).toMatch(/^ssh root@127\.0\.0\.1 -p \d+$/)
  const costs = await send('costs')
  expect(costs.body.data.month).toMatch(/^\d{4}-\d\d$/)
  expect(costs.body.data.pods.map((pod: any) => pod.podId)).toContain(podId)
  const settings = await send('settings')
  expect([settings.status, settings.text]).toEqual([200, expect.any(String)])
  expect(settings.body.data).toMatchObject({ idleAlertMinutes: 15, autoScheduleEnabled: true })

  const terminate = await send('terminate')
  expect(terminate).toMatchObject({ status: 202, body: { data: { confirmation: { status: 'pending' } } } })
  const stop = await send('stop')
  expect([200, 202]).toContain(stop.status)
  const create = await send('create')
  expect([create.status, create.body.error]).toEqual([201, undefined])
  expect(create.body.data).toMatchObject({ gpuType: 'H200', gpuCount: 1, status: 'creating' })
  expect(create.text).not.toContain('COBAYA')
  const activity = (await served.send(`/activity?labId=${list.body.data[0].labId}`)).text
  expect(activity).toContain('The API token all requested the termination of')
  expect(activity).toContain('The API token all requested a stop of')
  expect(activity).toContain('The API token all requested the pod')
}

/** Starts the pod again once it is stopped. */
async function restarts(send: ReturnType<typeof sender>): Promise<void> {
  await vi.waitFor(
    async () => expect((await send('detail')).body.data).toMatchObject({ status: 'stopped' }),
    PATIENCE,
  )
  await vi.waitFor(async () => expect([200, 202]).toContain((await send('restart')).status), PATIENCE)
}

/** An idle pod's 1 could also be a share, so it would be unknown until the next poll, minutes later. */
const withClearUsage = (lab: LabSpec): LabSpec => ({
  ...lab,
  pods: (lab.pods ?? []).map((pod) =>
    pod.documentId === 'pod_abc123' ? { ...pod, overrides: { gpuUtilization: 2 } } : pod,
  ),
})

test('run for the lab of the page as they stand', SLOWLY, async () => {
  const hubify = await startSimulator([], {
    // Otherwise usage is read pod by pod, as slowly as the quota asks for.
    hubify: {
      plan: 'team',
      behavior: { hasPlannedRoutes: true, hasUsageInLists: true },
      labs: defaultLabs.map(withClearUsage),
    },
    ssh: 'any-key',
    balanceUsd: 1_000,
  })
  const served = await startServed({ hubify })
  await runsAllExamples(served, sender(served), 'pod_abc123')
  // A lab is polled so slowly that its end would take half a minute to see, so this one is stopped from the start.
  const lab = { id: 'j57a8k9m2n3p4q5r', slug: 'dark-energy' }
  const pods = [{ documentId: 'pod_abc123', pod: { name: 'a', mode: 'stopped' } }] as const
  const other = await startSimulator([], {
    hubify: { plan: 'team', behavior: { hasPlannedRoutes: true }, labs: [{ ...lab, pods }] },
  })
  await restarts(sender(await startServed({ hubify: other })))
})

test('run for an account at Runpod with its own ids', SLOWLY, async () => {
  const idle = { mode: 'idle', gpu: { id: 'NVIDIA H200', count: 1, vcpuCount: 24, memory: 188 } } as const
  const runpod = await startSimulator([quickPod('abc123', idle)], { ssh: 'any-key', balanceUsd: 1_000 })
  const served = await startServed({ runpod })
  const [lab] = (await served.send('/labs')).body.data
  const send = sender(served, { j57a8k9m2n3p4q5r: lab.id, 'dark-energy': lab.slug })
  await runsAllExamples(served, send, 'pod_abc123')
  await restarts(send)
})
