import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { takeServeLock } from '../../../src/node/pods-api/serve-lock'
import { newDataFolder, runCli, startCli, startSimulator } from '../../harness/cli/cli'
import { type ServedFolder, startServed } from '../../harness/cli/served'
import { actionsOf, quickPod, startWatched } from '../../harness/cli/watched'
import { useRealCli } from '../../harness/cli/real-program'

useRealCli()

/* `podkeeper serve` over a simulated Runpod, alone and beside a watch. */

const gpu = { id: 'NVIDIA H200', count: 1, vcpuCount: 24, memory: 188 }
const startPods = () =>
  startSimulator([
    quickPod('sleepy', { mode: 'idle', gpu, costPerHourUsd: 3.99 }),
    quickPod('busy1', { mode: 'training' }),
    quickPod('lossy', { mode: 'idle', persistent: null }),
  ])

/** The first one, once it is read. */
const labOf = async ({ send }: ServedFolder): Promise<{ id: string; slug: string }> =>
  (await send('/labs')).body.data[0]

const stop = (key: string) => ({ method: 'POST', headers: { 'idempotency-key': key } })

test('acts through the watch that holds the folder, and nothing destructive without a person', async () => {
  const { runpod, folder, watch, run } = await startWatched([
    quickPod('sleepy', { mode: 'idle', gpu }),
    quickPod('lossy', { mode: 'idle', persistent: null }),
  ])
  const served = await startServed({ runpod, folder })
  expect((await run('health', '--api', served.origin, '--json')).stdout).toContain('"api":"this-folder"')
  const lab = await labOf(served)
  expect((await served.send(`/pods?labId=${lab.id}`)).body.data).toHaveLength(2)
  const stopped = await served.send('/pods/pod_sleepy/stop', stop('k1'))
  expect([200, 202]).toContain(stopped.status)
  expect((await served.send('/pods/pod_sleepy/stop', stop('k1'))).headers.get('idempotency-replayed')).toBe(
    'true',
  )
  expect(actionsOf(runpod)).toEqual(['stop sleepy'])
  await watch.waitForOutput(/"action":"stop".*"actionId":"[^"]+","requester":"api-token","token":"all"/)

  // A stop that loses data, and a terminate, are left to a person.
  const lossy = await served.send('/pods/pod_lossy/stop', { method: 'POST' })
  expect([lossy.status, lossy.body.error.message]).toEqual([409, expect.stringContaining('only a person')])
  const asked = await served.send('/pods/pod_lossy/terminate', { method: 'POST' })
  expect(asked).toMatchObject({ status: 202, body: { data: { confirmation: { status: 'pending' } } } })
  const { id, message } = asked.body.data.confirmation
  expect(message).toContain('podkeeper terminate lossy')
  expect((await served.send('/pods/pod_lossy/terminate', { method: 'POST' })).body.data.confirmation.id).toBe(
    id,
  )
  expect(actionsOf(runpod)).toEqual(['stop sleepy'])
  expect(await run('terminate', 'lossy', '--confirm-name', 'lossy')).toMatchObject({ code: 0 })
  await vi.waitFor(
    async () => expect((await served.send(`/confirmations/${id}`)).body.data.status).toBe('confirmed'),
    { timeout: 60_000 },
  )
  const { stdout } = await run('activity', '--json')
  const asks = stdout.split('\n').filter((line) => line.includes('the termination of lossy'))
  expect(asks).toHaveLength(1)
  expect(stdout).toContain('"requester":"api-token"')

  // The watch ends, and the command continues as one.
  watch.child.kill('SIGTERM')
  await watch.exited
  await vi.waitFor(async () => expect((await served.send(`/pods?labId=${lab.id}`)).status).toBe(200), {
    timeout: 60_000,
    interval: 300,
  })
})

test('keeps tokens to their accounts, scopes and limits', async () => {
  const runpod = await startPods()
  const served = await startServed({ runpod })
  const lab = await labOf(served)
  expect(statSync(join(served.folder, 'api-tokens.json')).mode & 0o777).toBe(0o600)
  const reader = await served.newToken('reader')
  expect((await served.send('/pods/pod_sleepy/stop', { method: 'POST', token: reader })).status).toBe(403)
  const operator = await served.newToken('operator', '--role', 'operate')
  const keep = (body: object, token = operator) =>
    served.send('/pods/pod_sleepy/keep-running', { method: 'POST', token, body })
  expect((await keep({ for: '1-hour' }, reader)).status).toBe(403)
  expect((await keep({ for: 'ever' })).status).toBe(400)
  expect(await keep({ for: '1-hour' })).toMatchObject({
    status: 200,
    body: { data: { _id: 'pod_sleepy' } },
  })
  const stored = (): string => readFileSync(join(served.folder, 'config.json'), 'utf8')
  expect(stored()).toMatch(/"keepOn":\s*\{\s*"sinceMs"/)
  expect((await keep({ for: 'off' })).status).toBe(200)
  expect(stored()).not.toContain('"sinceMs"')
  for (const path of ['/pods/pod_sleepy/start', '/pods/pod_sleepy/terminate'])
    expect((await served.send(path, { method: 'POST', token: operator })).status).toBe(403)
  expect((await served.run('activity')).stdout).toMatch(
    /operator.* to keep sleepy running[^]*operator.* to no longer keep sleepy running/,
  )
  const spender = await served.newToken('spender', '--role', 'spend', '--pods', 'sleepy')
  const rules = (body: object, token = spender, pod = 'sleepy') =>
    served.send(`/pods/pod_${pod}/rules`, { method: 'PATCH', token, body })
  expect((await rules({ maxHours: 8 }, operator)).status).toBe(403)
  expect((await rules({ maxHours: 8 }, spender, 'busy1')).status).toBe(404)
  for (const body of [{}, { maxHour: 8 }, { mayLoseData: true }, { maxHours: -1 }])
    expect((await rules(body)).status).toBe(400)
  expect(await rules({ maxHours: 8 })).toMatchObject({
    status: 200,
    body: { data: { podId: 'pod_sleepy', rules: { maxHours: 8 } } },
  })
  expect((await rules({ maxHours: 8 }, served.token, 'lossy')).body.error).toMatchObject({
    status: 409,
    message: expect.stringContaining('only a person'),
  })
  expect((await served.send('/pods/pod_sleepy/rules', { token: reader })).body.data.rules.maxHours).toBe(8)
  expect((await rules({ maxHours: null })).body.data.rules).toEqual({})
  expect((await served.run('activity')).stdout).toMatch(/spender.* a change of the rules of sleepy/)
  const guard = { method: 'POST', token: spender, body: { guard: 'stop' } }
  expect((await served.send('/pods/pod_sleepy/guard', guard)).body.error).toMatchObject({
    status: 409,
    message: expect.stringContaining('A person installs'),
  })
  expect((await served.send('/pods/pod_sleepy/guard', { token: reader })).body.data).toEqual({
    podId: 'pod_sleepy',
    state: 'none',
    others: [],
  })
  const order = { labId: lab.id, gpuType: 'H100' }
  const free = await served.newToken('free', '--scope', 'pods:write')
  const create = (token: string, more = {}) =>
    served.send('/pods', { method: 'POST', token, body: { ...order, ...more } })
  expect((await create(free)).body.error).toMatchObject({
    status: 402,
    message: expect.stringContaining('price limit'),
  })
  const poor = await served.newToken('poor', '--scope', 'pods:write', '--max-hourly', '1')
  expect((await create(poor, { maxHourlyUsd: 100 })).body.error).toMatchObject({
    status: 402,
    message: expect.stringContaining('limit is $1.00'),
  })
  expect((await create(served.token, { gpuType: 'H200', gpuCount: 2 })).status).toBe(400)
  // A misspelt limit would be none.
  expect((await create(served.token, { maxHour: 2 })).body.error).toMatchObject({
    status: 400,
    message: expect.stringContaining('maxHour: there is no such field'),
  })
  expect(runpod.requests.some(({ method, path }) => method === 'POST' && path.endsWith('/pods'))).toBe(false)
  const { stdout } = await served.run('token', 'list', '--json')
  expect(JSON.parse(stdout).tokens.map(({ name, maxHourlyUsd }: any) => [name, maxHourlyUsd])).toEqual([
    ['all', 20],
    ['reader', null],
    ['operator', null],
    ['spender', null],
    ['free', null],
    ['poor', 1],
  ])
  expect(stdout).not.toContain(reader.slice(4))
  expect(await served.run('token', 'revoke', 'reader')).toMatchObject({ code: 0 })
  expect((await served.send('/labs', { token: reader })).status).toBe(401)
  for (const args of [
    ['create', 'x', '--scope', 'pods:all'],
    ['create', 'x', '--expires', 'soon'],
    ['create', 'x', '--max-hourly', '5'],
    ['create'],
  ])
    expect(await served.run('token', ...args)).toMatchObject({ code: 2, stdout: '' })
  await vi.waitFor(
    async () => {
      const { stdout: activity } = await served.run('activity')
      expect(activity).toMatch(/refused 2 requests of the token “reader”, which may not do this/)
      expect(activity).toMatch(/refused a request without a valid token/)
    },
    { timeout: 60_000, interval: 1_000 },
  )
  // One server for each folder.
  expect(await served.run('serve', '--port', '0')).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('Another podkeeper serve (process '),
  })
  const { text } = await served.send('//metrics')
  expect(text).toMatch(
    /^podkeeper_pod_idle_seconds\{account="environment",pod="sleepy",id="pod_sleepy"\} \d+/m,
  )
  expect(text).toMatch(/^podkeeper_pods\{account="environment",verdict="busy"\} 1$/m)
  expect(text).toMatch(/^podkeeper_acting 1$/m)
  expect(text).toMatch(/^podkeeper_polls_total\{account="environment"\} \d+$/m)
  const health = { live: true, acting: true, reason: null, outdated: false }
  expect(await served.send('//health', { token: null })).toMatchObject({ status: 200, body: health })
  expect(await served.run('health')).toMatchObject({ code: 0 })
  expect((await served.send('//docs', { token: null })).status).toBe(401)
  expect((await served.send('//docs')).text).toContain('<table>')
})

test('never repeats a write whose server was killed in the middle', async () => {
  const runpod = await startPods()
  const served = await startServed({ runpod, isRealProgram: true })
  await labOf(served)
  runpod.fault({ kind: 'slow', action: 'stop', delayMs: 60_000 })
  const first = served.send('/pods/pod_sleepy/stop', stop('once')).catch(() => null)
  await vi.waitFor(() => expect(actionsOf(runpod)).toEqual(['stop sleepy']), { timeout: 60_000 })
  served.serve.child.kill('SIGKILL')
  await Promise.all([first, served.serve.exited])
  runpod.clearFaults()
  const again = startCli(served.command('serve', '--port', '0'))
  await again.waitForOutput(/served at/)
  const origin = /at (http:\/\/127\.0\.0\.1:\d+)/.exec(again.stdout())?.[1] ?? ''
  const reply = await fetch(`${origin}/api/v1/pods/pod_sleepy/stop`, {
    method: 'POST',
    headers: { authorization: `Bearer ${served.token}`, 'idempotency-key': 'once' },
  })
  expect([reply.status, await reply.text()]).toEqual([409, expect.stringContaining('Read the pod')])
  expect(actionsOf(runpod)).toEqual(['stop sleepy'])
  expect(readFileSync(join(served.folder, 'intents.jsonl'), 'utf8')).toContain('"tokenName":"all"')
  again.child.kill('SIGTERM')
  expect((await again.exited).code).toBe(143)
})

// Its watch is still being opened then; see also watch/ended-watch.test.ts.
test('ends in order at a signal that comes as soon as it says that it is served', async () => {
  const { code } = await runCli({
    args: ['serve', '--port', '0'],
    runpod: await startPods(),
    terminatedAt: /served at/,
  })
  expect(code).toBe(143)
})

test('sends events, and what a client missed when it comes back', async () => {
  const runpod = await startPods()
  const served = await startServed({ runpod })
  await labOf(served)
  const listen = async (lastId?: string) => {
    const controller = new AbortController()
    const response = await fetch(`${served.origin}/api/v1/events`, {
      headers: { authorization: `Bearer ${served.token}`, ...(lastId && { 'last-event-id': lastId }) },
      signal: controller.signal,
    })
    let text = ''
    void (async () => {
      for await (const chunk of response.body as AsyncIterable<Uint8Array>)
        text += Buffer.from(chunk).toString()
    })().catch(() => {})
    return { text: () => text, end: () => controller.abort() }
  }
  const first = await listen()
  await expect.poll(() => first.text()).toContain('event: ready')
  const [id] = /(?<=^id: ).+$/m.exec(first.text()) ?? []
  first.end()
  await served.send('/pods/pod_sleepy/stop', { method: 'POST' })
  const second = await listen(id)
  await vi.waitFor(() => expect(second.text()).toMatch(/event: action\ndata: .*requested a stop of sleepy/), {
    timeout: 60_000,
  })
  await vi.waitFor(() => expect(second.text()).toMatch(/event: pod\ndata: .*"status":"stopped"/), {
    timeout: 60_000,
  })
  second.end()
  const stranger = await listen('other-5')
  await expect.poll(() => stranger.text()).toContain('event: reset')
  stranger.end()
})

describe('another folder, whose labs are served by this one,', () => {
  test('shows its pods, judges them and stops one, by the client for Hubify as it is', async () => {
    const runpod = await startPods()
    const served = await startServed({ runpod })
    await labOf(served)
    const folder = newDataFolder()
    const env = { HUBIFY_API_BASE_URL: `${served.origin}/api/v1` }
    const run = (args: readonly string[], input = '') => runCli({ args, dataFolder: folder, env, input })
    const login = await run(['login', '--provider', 'hubify', '--announced-routes'], `${served.token}\n`)
    expect([login.code, login.stdout]).toEqual([0, expect.stringContaining('environment')])
    const status = JSON.parse((await run(['status', '--json'])).stdout)
    expect(status.accounts).toMatchObject([{ name: 'environment', provider: 'hubify', connection: 'live' }])
    expect(status.pods.map(({ name, state, costPerHourUsd }: any) => [name, state, costPerHourUsd])).toEqual(
      expect.arrayContaining([['sleepy', 'running', 3.99]]),
    )
    // It polls a served lab slowly, so that its end isn't waited for here.
    const stopped = await run(['stop', 'sleepy', '--yes', '--no-wait'])
    expect([stopped.code, stopped.stdout]).toEqual([
      0,
      expect.stringContaining('accepted the stop of sleepy'),
    ])
    expect(actionsOf(runpod)).toEqual(['stop sleepy'])
    const costs = await run(['costs', '--json'])
    expect([costs.code, costs.stdout]).toEqual([0, expect.stringContaining('totalUsd')])
  })
})

test('leaves a folder that the app serves to it, and says what to do', async () => {
  const runpod = await startPods()
  const folder = newDataFolder()
  const lock = await takeServeLock(folder, 'app')
  if (!lock.ok) throw new Error('held')
  onTestFinished(() => lock.value())
  expect(await runCli({ args: ['serve', '--port', '0'], runpod, dataFolder: folder })).toMatchObject({
    code: 6,
    stderr: expect.stringMatching(/The Podkeeper app \(process \d+\) serves this data folder\..*settings/),
  })
})
