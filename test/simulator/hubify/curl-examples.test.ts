import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { HUBIFY_KEY, type Simulator } from '../../../src/simulator/simulator'
import { hasCurl, type RunCurl, runCurl, sendParsedCurl } from '../../harness/http/curl'
import { LAB, OTHER_LAB } from '../../harness/simulator/hubify-fixture'
import { startSimulator } from '../../harness/simulator/simulator-fixture'
import { defaultLabs } from '../../../src/simulator/hubify/default-labs'

/*
 * The examples of Hubify's page about its Pods API, as they stand there; only the address is another one. A real curl
 * runs them. Where there is none, the same requests are sent without it, and the names of the tests say so.
 */
const ways: readonly (readonly [string, RunCurl])[] = hasCurl
  ? [
      ['by curl', runCurl],
      ['parsed from the command', sendParsedCurl],
    ]
  : [['parsed from the command, since this computer has no curl', sendParsedCurl]]

const ADDRESS = 'https://www.hubify.com'
let examples: readonly string[] = []

beforeAll(() => {
  const text = readFileSync(join(import.meta.dirname, '../../fixtures/hubify/pods-api.sh'), 'utf8')
  examples = text.split(/\n\n/).map((each) => each.trim())
})

function exampleOf(part: string): string {
  const found = examples.filter((each) => each.includes(part))
  expect(found, part).toHaveLength(1)
  return found[0]!
}

const parts = {
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

it('the fixture has all nine examples', () => {
  expect(examples).toHaveLength(9)
  expect(new Set(Object.values(parts).map(exampleOf)).size).toBe(9)
})

describe.each(ways)('the examples of the page, %s,', (_way, run) => {
  async function start(hasPlannedRoutes: boolean) {
    const { simulator, clock } = await startSimulator({
      hubify: { behavior: { hasPlannedRoutes }, labs: defaultLabs },
      ssh: 'any-key',
    })
    const send = async (part: keyof typeof parts) => {
      const reply = await run(exampleOf(parts[part]).replace(ADDRESS, simulator.url), HUBIFY_KEY)
      const isJson = reply.contentType === 'application/json'
      return { ...reply, isJson, body: isJson ? JSON.parse(reply.text) : undefined }
    }
    return { simulator, clock, send }
  }

  const worldPod = (simulator: Simulator, body: any) => simulator.pod(body.data.runpodPodId)

  it('create a pod with the configuration that they name', async () => {
    const { simulator, send } = await start(true)
    const { status, body } = await send('create')
    expect(status).toBe(201)
    expect(body.data).toMatchObject({
      labId: LAB.id,
      provider: 'runpod',
      gpuType: 'H200',
      gpuCount: 1,
      status: 'creating',
      maxHours: 8,
      terminatesAt: body.data.createdAt + 8 * 3_600_000,
    })
    expect(body.data).not.toHaveProperty('env')
    expect(worldPod(simulator, body)).toMatchObject({
      env: { COBAYA_PACKAGES: '/workspace/packages', EXPERIMENT_ID: 'EXP-054' },
      image: 'hubify/base:latest',
      mounts: { persistent: { size: 100 } },
    })
  })

  it('list the pods of the lab that run', async () => {
    const { send } = await start(true)
    const { status, body } = await send('list')
    expect(status).toBe(200)
    expect(body.data.map((pod: any) => [pod._id, pod.status])).toEqual([
      ['pod_abc123', 'running'],
      ['pod_def456', 'running'],
    ])
  })

  it('show utilization, memory and idle time of a pod', async () => {
    const { send } = await start(true)
    const { status, body } = await send('detail')
    expect(status).toBe(200)
    expect(body.data).toMatchObject({ _id: 'pod_abc123', status: 'running', idleMinutes: 30 })
    expect(body.data.gpuUtilization).toBeLessThanOrEqual(2)
    expect(body.data.memoryUtilization).toBeGreaterThan(0)
  })

  it('say where a running pod accepts SSH', async () => {
    const { send } = await start(true)
    const { status, body } = await send('ssh')
    expect(status).toBe(200)
    const { host, port } = body.data
    expect(body.data).toEqual({ host, port, username: 'root', command: `ssh root@${host} -p ${port}` })
    expect([host, typeof port]).toEqual(['127.0.0.1', 'number'])
  })

  it('stop, restart and terminate a pod', async () => {
    const { clock, send } = await start(true)
    expect((await send('stop')).status).toBe(200)
    clock.advanceS(10)
    expect((await send('detail')).body.data.status).toBe('stopped')
    expect((await send('restart')).body.data).toMatchObject({ _id: 'pod_abc123', status: 'creating' })
    clock.advanceS(60)
    expect((await send('detail')).body.data.status).toBe('running')
    const { status, body } = await send('terminate')
    expect(status).toBe(200)
    expect(body.data).toMatchObject({
      status: 'terminated',
      volumeDeletedAt: clock.now() + 7 * 24 * 3_600_000,
    })
    expect((await send('restart')).body.error).toMatchObject({ status: 409 })
  })

  it('show what the pods of the lab cost this month', async () => {
    const { send } = await start(true)
    const { status, body } = await send('costs')
    expect(status).toBe(200)
    expect(body.data.month).toBe('2026-11')
    expect(body.data.pods.map((pod: any) => pod.podId)).toEqual(['pod_abc123', 'pod_def456', 'pod_old789'])
    const sum = body.data.pods.reduce((total: number, pod: any) => total + pod.costUsd, 0)
    expect(sum).toBeGreaterThan(10)
    expect(body.data.totalUsd).toBeCloseTo(sum, 6)
  })

  it('change the settings of the lab', async () => {
    const { send } = await start(true)
    const { status, body } = await send('settings')
    expect(status).toBe(200)
    expect(body.data).toEqual({
      labId: LAB.id,
      slug: LAB.slug,
      idleAlertMinutes: 15,
      autoScheduleEnabled: true,
    })
  })

  it.each(['create', 'detail', 'ssh', 'restart', 'terminate', 'costs', 'settings'] as const)(
    'lead nowhere without the planned routes, and change nothing: %s',
    async (part) => {
      const { simulator, send } = await start(false)
      const before = simulator.runningPodIds()
      const { status, isJson, text } = await send(part)
      expect([status, isJson]).toEqual([404, false])
      expect(text).toMatch(/^<!DOCTYPE html>/)
      expect(simulator.runningPodIds()).toEqual(before)
    },
  )

  it.each(['list', 'stop'] as const)('work without the planned routes: %s', async (part) => {
    const { send } = await start(false)
    expect(await send(part)).toMatchObject({ status: 200, isJson: true })
  })

  it('are recorded as they were sent', async () => {
    const { simulator, send } = await start(true)
    for (const part of ['list', 'detail', 'stop', 'costs', 'settings'] as const) await send(part)
    expect(
      simulator.requests.map(({ method, path, query, podId, action }) => [
        method,
        path,
        query,
        podId,
        action,
      ]),
    ).toEqual([
      ['GET', '/api/v1/pods', `labId=${LAB.id}&status=running`, undefined, undefined],
      ['GET', '/api/v1/pods/pod_abc123', '', 'pod_abc123', undefined],
      ['POST', '/api/v1/pods/pod_abc123/stop', '', 'pod_abc123', 'stop'],
      ['GET', '/api/v1/pods/costs', `labId=${LAB.id}&month=current`, undefined, undefined],
      ['PATCH', '/api/v1/labs/dark-energy/settings', '', undefined, undefined],
    ])
    expect(simulator.requests.every(({ authorizationOk }) => authorizationOk)).toBe(true)
  })

  it('are refused with another token', async () => {
    const { simulator } = await start(true)
    const reply = await run(exampleOf(parts.list).replace(ADDRESS, simulator.url), 'hfy_key_wrong')
    expect(reply.status).toBe(401)
    expect(JSON.parse(reply.text).error.code).toBe('unauthorized')
  })
})

it('the labs of the examples are those of tests', () => {
  expect(defaultLabs.map(({ id, slug }) => ({ id, slug }))).toEqual([LAB, OTHER_LAB])
})
