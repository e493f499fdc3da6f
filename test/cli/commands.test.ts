import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { freePort } from '../harness/base/free-port'
import { startSelfSignedServer } from '../harness/http/self-signed-server'
import { FULL_KEY, READ_ONLY_KEY } from '../../src/simulator/simulator'
import { newDataFolder, runCli, startCli, startSimulator } from '../harness/cli/cli'
import { useRealCli } from '../harness/cli/real-program'

useRealCli()

const pod = (id: string, more: object = {}) =>
  ({ name: id, id, mode: 'training', stoppingS: 0.2, startingS: 0.2, provisioningS: 0.1, ...more }) as const
const intentsIn = (folder: string): any[] =>
  readFileSync(join(folder, 'intents.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
const actionsAt = (runpod: { requests: readonly { action?: string }[] }): (string | undefined)[] =>
  runpod.requests.flatMap(({ action }) => (action === undefined ? [] : [action]))

test('status shows the running pods and their cost, in full lines and without colors in a pipe', async () => {
  const runpod = await startSimulator([
    pod('busy', { costPerHourUsd: 2.5 }),
    pod('off', { mode: 'stopped', persistent: { sizeGb: 100, path: '/workspace' } }),
  ])
  const { code, stdout, stderr } = await runCli({ args: ['status'], runpod })
  expect(code).toBe(0)
  expect(stderr).toBe('')
  expect(stdout).not.toContain('\u001b')
  expect(stdout).toMatch(/^NAME +STATE +ACTIVITY +COST +UP FOR +HARDWARE +ID\n/)
  expect(stdout).toMatch(/busy +running +busy \d+% +\$2\.50\/hr +1 h +1 × GeForce RTX 4090 +busy\n/)
  expect(stdout).toMatch(/off +stopped +\$0\.03\/hr/)
  // A cent is spent every 14 s.
  expect(stdout).toMatch(/1 running · \$2\.53\/hr · balance \$(100\.00|99\.9\d)/)
})

test('status as JSON has the documented fields', async () => {
  const runpod = await startSimulator([pod('one')])
  const { code, stdout } = await runCli({ args: ['status', '--json'], runpod })
  expect(code).toBe(0)
  const status = JSON.parse(stdout)
  expect(Object.keys(status)).toEqual([
    'version',
    'at',
    'account',
    'connection',
    'seenAt',
    'isComplete',
    'burn',
    'balance',
    'runwayS',
    'obstacles',
    'accounts',
    'pods',
  ])
  expect(status).toMatchObject({
    version: 1,
    connection: 'live',
    isComplete: true,
    burn: { perHourUsd: 0.69 },
    balance: { usd: expect.closeTo(100) },
  })
  expect(status.pods).toEqual([
    expect.objectContaining({
      id: 'one',
      name: 'one',
      state: 'running',
      actions: expect.arrayContaining(['stop']),
      activity: { kind: 'busy', by: 'gpu' },
    }),
  ])
  expect(stdout).not.toContain('never-show-this')
})

test('status changes nothing and leaves no journal, lock or alert history', async () => {
  const runpod = await startSimulator([pod('one')])
  const dataFolder = newDataFolder()
  await runCli({ args: ['status'], runpod, dataFolder })
  expect(
    ['intents.jsonl', 'writer', 'alert-marks.json'].filter((name) => existsSync(join(dataFolder, name))),
  ).toEqual([])
})

test('stop says what is kept and what is lost, waits for an undo, and then until the pod has stopped', async () => {
  const runpod = await startSimulator([pod('a', { persistent: { sizeGb: 100, path: '/workspace' } })])
  const { code, stdout, stderr } = await runCli({ args: ['stop', 'a'], runpod })
  expect(stderr).toContain('Keeps /workspace (100 GB, $0.67 a day); the container disk (40 GB) is lost.')
  expect(stderr).toMatch(/Stopping a in 1 s · \^C to undo/)
  expect(stdout).toBe('a stopped.\n')
  expect(code).toBe(0)
  expect(actionsAt(runpod)).toEqual(['stop'])
  expect(runpod.pod('a')['status']).toBe('EXITED')
})

test('start waits until the pod runs', async () => {
  const runpod = await startSimulator([pod('a', { mode: 'stopped' })])
  const { code, stdout } = await runCli({ args: ['start', 'a', '--json'], runpod })
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    action: 'start',
    account: { id: expect.any(String), name: 'environment' },
    pod: { id: 'a', name: 'a' },
    outcome: 'observed',
    message: 'a runs.',
  })
  expect(runpod.pod('a')['status']).toBe('RUNNING')
})

test('start without waiting ends when Runpod accepts, and the next run determines the result', async () => {
  const runpod = await startSimulator([pod('a', { stoppingS: 600 })])
  const dataFolder = newDataFolder()
  const { code, stdout } = await runCli({
    args: ['stop', 'a', '--yes', '--no-wait'],
    runpod,
    dataFolder,
  })
  expect([code, stdout]).toEqual([0, 'Runpod accepted the stop of a.\n'])
  expect(intentsIn(dataFolder).at(-1).phase).toBe('accepted')
  for (const args of [
    ['stop', 'a', '--yes'],
    ['start', 'a'],
  ]) {
    const again = await runCli({ args, runpod, dataFolder })
    expect([again.code, again.stderr]).toEqual([1, 'Nothing was done: a stop of a is already in progress.\n'])
  }
  expect(actionsAt(runpod)).toEqual(['stop'])
})

test('an action whose result already holds sends nothing', async () => {
  const runpod = await startSimulator([pod('off', { mode: 'stopped' }), pod('on')])
  expect(await runCli({ args: ['stop', 'off'], runpod })).toMatchObject({
    code: 0,
    stdout: 'off is already stopped.\n',
  })
  expect(await runCli({ args: ['start', 'on'], runpod })).toMatchObject({
    code: 0,
    stdout: 'on is already running.\n',
  })
  expect(actionsAt(runpod)).toEqual([])
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s during the undo time cancels the stop', async (signal, exitCode) => {
  const runpod = await startSimulator([pod('a', { persistent: { sizeGb: 100, path: '/workspace' } })])
  const dataFolder = newDataFolder({ undoS: 30 })
  const stopping = startCli({ isRealProgram: true, args: ['stop', 'a'], runpod, dataFolder })
  await stopping.waitForOutput(/Stopping a in/)
  stopping.child.kill(signal)
  const { code, stderr } = await stopping.exited
  expect(code).toBe(exitCode)
  expect(stderr).toContain('Canceled: nothing was sent. a is still running.')
  expect(intentsIn(dataFolder).at(-1)).toMatchObject({ phase: 'cancelled', message: null })
  expect(actionsAt(runpod)).toEqual([])
})

test('a stop killed during the undo time is never sent, and the next run says so', async () => {
  const runpod = await startSimulator([
    pod('a', { persistent: { sizeGb: 100, path: '/workspace' } }),
    pod('b', { mode: 'stopped' }),
  ])
  const dataFolder = newDataFolder({ undoS: 30 })
  const stopping = startCli({ isRealProgram: true, args: ['stop', 'a'], runpod, dataFolder })
  await stopping.waitForOutput(/Stopping a in/)
  stopping.child.kill('SIGKILL')
  await stopping.exited
  expect(intentsIn(dataFolder).at(-1).phase).toBe('scheduled')
  const next = await runCli({ args: ['start', 'b', '--no-wait'], runpod, dataFolder })
  expect(next.code).toBe(0)
  expect(next.stderr).toContain('Podkeeper quit before the stop of a was sent, so nothing was sent.')
  expect(actionsAt(runpod)).toEqual(['start'])
})

test('a stop killed after it was sent is checked by the next run and not sent again', async () => {
  const runpod = await startSimulator([pod('a'), pod('b', { mode: 'stopped' })])
  runpod.fault({ kind: 'slow', action: 'stop', delayMs: 60_000 })
  const dataFolder = newDataFolder()
  const stopping = startCli({ isRealProgram: true, args: ['stop', 'a', '--yes'], runpod, dataFolder })
  await vi.waitFor(() => expect(actionsAt(runpod)).toEqual(['stop']), { timeout: 60_000 })
  stopping.child.kill('SIGKILL')
  await stopping.exited
  const next = await runCli({ args: ['start', 'b'], runpod, dataFolder })
  expect(next.code).toBe(0)
  expect(
    intentsIn(dataFolder)
      .filter(({ podId }) => podId === 'a')
      .at(-1).phase,
  ).toBe('observed')
  expect(actionsAt(runpod)).toEqual(['stop', 'start'])
})

test('an ambiguous name is rejected with the ids, and an unknown one with similar names', async () => {
  const runpod = await startSimulator([
    pod('id1', { name: 'twin' }),
    pod('id2', { name: 'twin' }),
    pod('id3', { name: 'other' }),
  ])
  const twin = await runCli({ args: ['stop', 'twin'], runpod })
  expect([twin.code, twin.stdout]).toEqual([5, ''])
  expect(twin.stderr).toContain('2 pods are called "twin". Use the id of one:\n')
  const wrong = await runCli({ args: ['stop', 'oth'], runpod })
  expect(wrong.code).toBe(5)
  expect(wrong.stderr).toContain('No pod has the name or id "oth". Did you mean:\n  id3  other  running\n')
  expect(actionsAt(runpod)).toEqual([])
})

test('a rejection by Runpod is printed in its own words', async () => {
  const runpod = await startSimulator([pod('a', { mode: 'stopped' })])
  runpod.fault({ kind: 'no-gpu', action: 'start' })
  const { code, stdout, stderr } = await runCli({
    args: ['start', 'a', '--json'],
    runpod,
  })
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'failed' })
  expect(stderr).toContain(
    'a: the start failed. Bad Request: There are not enough free GPUs on the host machine to start this pod.',
  )
})

test('a stop whose response was lost is checked by polling and sent once', async () => {
  const runpod = await startSimulator([pod('a')])
  runpod.fault({ kind: 'reset-after', action: 'stop' })
  const { code, stdout, stderr } = await runCli({ args: ['stop', 'a', '--yes'], runpod })
  expect([code, stdout]).toEqual([0, 'a stopped.\n'])
  expect(stderr).toContain('No clear response, so its effect is being checked.')
  expect(actionsAt(runpod)).toEqual(['stop'])
})

test('a stop that Runpod accepted but never performed is reported as not done', async () => {
  const runpod = await startSimulator([pod('a')])
  runpod.fault({ kind: 'accepted-not-done', action: 'stop' })
  const dataFolder = newDataFolder({ stopDeadlineS: 5 })
  const { code, stderr } = await runCli({
    args: ['stop', 'a', '--yes'],
    runpod,
    dataFolder,
  })
  expect(code).toBe(1)
  expect(stderr).toContain('a: the stop is not confirmed yet. The pod is still running.')
  expect(actionsAt(runpod)).toEqual(['stop'])
})

test('a stop that Runpod postpones is sent again at the time it gives', async () => {
  const runpod = await startSimulator([pod('a')])
  runpod.fault({ kind: 'rate-limited', action: 'stop', count: 1, retryAfterS: 1 })
  const { code, stderr } = await runCli({ args: ['stop', 'a', '--yes'], runpod })
  expect(code).toBe(0)
  expect(stderr).toContain('Runpod asks to wait.')
  expect(actionsAt(runpod)).toEqual(['stop', 'stop'])
})

test('an action without a journal is not sent', async () => {
  const runpod = await startSimulator([pod('a')])
  const dataFolder = newDataFolder()
  mkdirSync(join(dataFolder, 'intents.jsonl'))
  const { code, stderr } = await runCli({
    args: ['stop', 'a', '--yes'],
    runpod,
    dataFolder,
  })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^The journal of actions cannot be opened, so nothing was done: EISDIR/)
  expect(actionsAt(runpod)).toEqual([])
})

test('a damaged journal is set aside and reported, and its readable actions continue', async () => {
  const runpod = await startSimulator([pod('a')])
  const dataFolder = newDataFolder()
  writeFileSync(join(dataFolder, 'intents.jsonl'), 'no json\n')
  const { code, stderr } = await runCli({
    args: ['stop', 'a', '--yes'],
    runpod,
    dataFolder,
  })
  expect(code).toBe(0)
  expect(stderr).toMatch(/The journal of actions was damaged\. .*saved as .*intents\.jsonl\.damaged-\w+\./)
})

test('a read-only key can watch, and the error says why it cannot stop', async () => {
  const runpod = await startSimulator([pod('a')])
  const env = { RUNPOD_API_KEY: READ_ONLY_KEY }
  expect((await runCli({ args: ['status'], runpod, env })).code).toBe(0)
  const stop = await runCli({ args: ['stop', 'a', '--yes'], runpod, env })
  expect(stop.code).toBe(1)
  expect(stop.stderr).toContain('a: the stop failed.')
})

test.each([
  ['unauthorized', 3, 'The API does not accept this key.'],
  ['forbidden', 3, 'The key is valid but has no permission to read pods.'],
  ['html', 4, 'Something between you and the API, such as a proxy, answered instead.'],
  ['rate-limited', 4, 'Too many requests with this key. It is used again at'],
] as const)('%s ends a command with its own exit code and message', async (kind, exitCode, words) => {
  const runpod = await startSimulator([pod('a')])
  runpod.fault({ kind, path: '/v2/pods', retryAfterS: 60 })
  for (const args of [['status'], ['stop', 'a', '--yes']]) {
    const { code, stdout, stderr } = await runCli({ args, runpod })
    expect([code, stdout]).toEqual([exitCode, ''])
    expect(stderr).toContain(words)
    expect(stderr).not.toContain(FULL_KEY)
  }
})

test('a command without a network says so', async () => {
  const { code, stderr } = await runCli({
    args: ['status'],
    env: { RUNPOD_API_KEY: FULL_KEY, RUNPOD_API_BASE_URL: `http://127.0.0.1:${await freePort()}/v2` },
  })
  expect(code).toBe(4)
  expect(stderr).toMatch(/^The API could not be reached\. 127\.0\.0\.1:\d+ refused the connection/)
})

test('a certificate that cannot be verified gets no key, whatever the environment says', async () => {
  const server = await startSelfSignedServer()
  onTestFinished(() => server.close())
  const env = {
    RUNPOD_API_KEY: FULL_KEY,
    RUNPOD_API_BASE_URL: server.origin,
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
  }
  const { code, stderr } = await runCli({ isRealProgram: true, args: ['status'], env })
  expect([code, stderr]).toEqual([4, expect.stringContaining('The certificate of 127.0.0.1')])
  expect(server.requests).toEqual([])
})

test('a response that echoes the key or a terminal sequence prints neither', async () => {
  const server = createServer((request, response) => {
    response.writeHead(403, { 'content-type': 'application/problem+json' })
    response.end(
      JSON.stringify({
        title: 'no',
        status: 403,
        detail: `\u001b[2J\u202e ${request.headers.authorization}`,
      }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const env = { RUNPOD_API_KEY: FULL_KEY, RUNPOD_API_BASE_URL: `http://127.0.0.1:${port}` }
  const { stdout, stderr } = await runCli({ args: ['status'], env })
  expect(stderr).toContain('has no permission to read pods')
  expect(stdout + stderr).not.toContain(FULL_KEY)
  for (const unseen of ['\u001b', '\u202e']) expect(stdout + stderr).not.toContain(unseen)
})

test('a pod whose name contains terminal sequences and direction marks is shown as plain text', async () => {
  const name = '\u001b[31mred\u001b]0;title\u0007\u202egpj.exe\r\nx'
  const runpod = await startSimulator([pod('a', { name })])
  const { stdout } = await runCli({ args: ['status'], runpod })
  expect(stdout).toContain('[31mred]0;titlegpj.exe x')
  for (const unseen of ['\u001b', '\u0007', '\u202e', '\r']) expect(stdout).not.toContain(unseen)
})

test('login saves a valid key, with its address, where only its owner can read it', async () => {
  const runpod = await startSimulator([pod('a')])
  const dataFolder = newDataFolder()
  const env = { RUNPOD_API_KEY: undefined }
  const first = await runCli({ args: ['status'], runpod, dataFolder, env })
  expect([first.code, first.stderr.includes('podkeeper login')]).toEqual([3, true])

  const login = await runCli({
    args: ['login'],
    runpod,
    dataFolder,
    env,
    input: `Bearer ${FULL_KEY}\n`,
  })
  expect(login).toMatchObject({ code: 0, stderr: '' })
  expect(login.stdout).toMatch(
    /^The key ending in cess works: 1 pod, balance \$100\.00\. It is saved for 127\.0\.0\.1:\d+ in .*cli-key\.json/,
  )
  expect(login.stdout).not.toContain(FULL_KEY)
  const path = join(dataFolder, 'cli-key.json')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(
    (
      await runCli({
        args: ['status'],
        runpod,
        dataFolder,
        env: { ...env, RUNPOD_API_BASE_URL: undefined },
      })
    ).code,
  ).toBe(0)

  const elsewhere = await runCli({
    args: ['status', '--base-url', 'https://example.com'],
    runpod,
    dataFolder,
    env,
  })
  expect(elsewhere.code).toBe(3)
  expect(elsewhere.stderr).toContain(`The saved key is for ${runpod.url}/v2.`)

  chmodSync(path, 0o644)
  const wide = await runCli({ args: ['status'], runpod, dataFolder, env })
  expect(wide.code).toBe(3)
  expect(wide.stderr).toContain(`chmod 600 '${path}'`)

  const out = await runCli({ args: ['logout'], runpod, dataFolder, env })
  expect([out.code, existsSync(path)]).toEqual([0, false])
})

test('an address in the settings gets no key, neither from the environment nor from login', async () => {
  const runpod = await startSimulator([pod('a')])
  const listener = await startSimulator([pod('b')])
  const dataFolder = newDataFolder()
  writeFileSync(
    join(dataFolder, 'config.json'),
    JSON.stringify({ settings: { runpodBaseUrl: `${listener.url}/v2` } }),
  )
  const status = await runCli({ args: ['status'], runpod, dataFolder })
  expect([status.code, status.stdout]).toEqual([0, expect.stringContaining('a')])
  const login = await runCli({
    args: ['login'],
    runpod,
    dataFolder,
    input: FULL_KEY,
    env: { RUNPOD_API_KEY: undefined },
  })
  expect(login.stdout).toContain(`It is saved for ${new URL(runpod.url).host} in `)
  expect(listener.requests).toEqual([])
})

test.each([
  ['a key that Runpod refuses', 'rpa_not_a_key_of_anybody', 3],
  ['what is no key', 'hello', 3],
  ['nothing', '', 3],
])('login saves nothing from %s', async (_name, input, exitCode) => {
  const runpod = await startSimulator([])
  const dataFolder = newDataFolder()
  const { code, stdout } = await runCli({
    args: ['login'],
    runpod,
    dataFolder,
    input,
    env: { RUNPOD_API_KEY: undefined },
  })
  expect([code, stdout]).toEqual([exitCode, ''])
  expect(existsSync(join(dataFolder, 'cli-key.json'))).toBe(false)
})

test('a truncated saved key is reported with what to do', async () => {
  const dataFolder = newDataFolder()
  writeFileSync(join(dataFolder, 'cli-key.json'), '{"version":1,"ba', { mode: 0o600 })
  const { code, stderr } = await runCli({ args: ['status'], dataFolder })
  expect([code, stderr]).toEqual([3, expect.stringContaining('podkeeper login')])
})

test('an address must use https or loopback', async () => {
  const { code, stderr } = await runCli({
    args: ['status', '--base-url', 'http://example.com'],
    env: { RUNPOD_API_KEY: FULL_KEY },
  })
  expect(code).toBe(2)
  expect(stderr).toContain('--base-url (http://example.com) cannot be used.')
})

test('help explains with examples, and an invalid argument is reported', async () => {
  const help = await runCli({ args: ['--help'] })
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('podkeeper stop llama-70b-sft')
  expect(help.stdout).toContain('Exit codes:')
  for (const args of [['stpo'], ['stop'], ['status', '--jsno'], ['watch', '--log', 'xml'], []])
    expect([args, (await runCli({ args })).code]).toEqual([args, 2])
  const version = await runCli({ isRealProgram: true, args: ['--version'] })
  expect(version.stdout).toBe(`${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`)
})
