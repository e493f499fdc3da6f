import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { accountIdOf } from '../../src/node/account-id'
import type { SshEndpoint } from '../../src/core/pods/pod'
import { FULL_KEY } from '../../src/simulator/simulator'
import { newDataFolder, runCli, startSimulator } from '../harness/cli/cli'
import { captureShell, createSshClient, target } from '../harness/ssh/ssh-client'

const pods = [
  {
    id: 'p',
    name: 'llama',
    mode: 'training',
    stalePortsS: 0,
    persistent: { sizeGb: 100, path: '/workspace' },
  },
] as const

/** A data folder and a home with a key; `trusts`: a terminal of the app was opened before. */
async function prepare(trusts: boolean) {
  const runpod = await startSimulator(pods, { ssh: 'any-key' })
  const dataFolder = newDataFolder()
  const hostKeyFile = join(dataFolder, 'host-keys.json')
  const here = createSshClient({ hostKeyFile })
  here.key()
  if (trusts) {
    const { direct } = runpod.pod('p')['ssh'] as unknown as { direct: SshEndpoint }
    const accountId = accountIdOf(new URL(runpod.url), FULL_KEY)
    captureShell(await here.connect(target(direct, { accountId }))).shell.close()
  }
  const runCommand = (...args: readonly string[]) =>
    runCli({ args, runpod, dataFolder, env: { HOME: here.home } })
  return { run: (...args: readonly string[]) => runCommand('look', ...args), runCommand, hostKeyFile }
}

test('look says why it could not look, and fails', async () => {
  const { run } = await prepare(false)
  expect(await run('llama')).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining("Podkeeper couldn't look inside llama: its host key isn't trusted yet."),
  })
  const { code, stdout } = await run('--json', 'llama')
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    account: { id: expect.any(String), name: 'environment' },
    pod: { id: 'p', name: 'llama' },
    verdict: null,
    at: null,
    message: "Podkeeper couldn't look inside llama: its host key isn't trusted yet.",
  })
})

test('look needs a pod of that name', async () => {
  const { run } = await prepare(false)
  expect(await run('nobody')).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('No pod has the name or id'),
  })
})

/** Skips 10 s again and again: for the command and for the simulated pod, which both run in this process. */
function skipTime(): void {
  const real = { wall: Date.now.bind(Date), monotonic: performance.now.bind(performance) }
  let skippedMs = 0
  const spies = [
    vi.spyOn(Date, 'now').mockImplementation(() => real.wall() + skippedMs),
    vi.spyOn(performance, 'now').mockImplementation(() => real.monotonic() + skippedMs),
  ]
  const timer = setInterval(() => (skippedMs += 10 * SECOND_MS), 300)
  onTestFinished(() => {
    clearInterval(timer)
    for (const spy of spies) spy.mockRestore()
  })
}

test('look finds after a minute what a pod does, and leaves the accepted host keys as they are', async () => {
  const { run, hostKeyFile } = await prepare(true)
  const before = readFileSync(hostKeyFile, 'utf8')
  skipTime()
  const since = performance.now()
  const { code, stdout } = await run('--json', 'llama')
  expect(performance.now() - since).toBeGreaterThan(MINUTE_MS)
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    verdict: 'working',
    message: expect.stringMatching(/^python used \d+% of one core; disk 0 MB\/s, network 0 MB\/s$/),
  })
  expect(readFileSync(hostKeyFile, 'utf8')).toBe(before)
})

test('disk prints how full the disks of a pod are, and the largest folders of one', async () => {
  const { runCommand } = await prepare(true)
  expect(await runCommand('disk', 'llama')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /^Container disk: 38% \(16 GB of 43 GB used\)\nVolume \/workspace: 38% \(41 GB of 107 GB used\)\n$/,
    ),
  })
  const read = await runCommand('disk', 'llama', '--json')
  expect(JSON.parse(read.stdout)).toMatchObject({
    pod: { id: 'p', name: 'llama' },
    disks: [
      { kind: 'container', path: '/', usedBytes: expect.any(Number), reason: null },
      { kind: 'volume', path: '/workspace', freeBytes: expect.any(Number) },
    ],
    message: null,
  })
  const measured = await runCommand('disk', 'llama', '--folders', '/workspace')
  expect(measured.stdout.split('\n')).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/ GB {2}\/workspace$/),
      expect.stringMatching(/\/workspace\/data$/),
    ]),
  )
})

test('disk says why it could not read, and fails', async () => {
  const { runCommand } = await prepare(false)
  const why = "Podkeeper couldn’t read the disks of llama: its host key isn't trusted yet."
  expect(await runCommand('disk', 'llama')).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining(why),
  })
  const { stdout } = await runCommand('disk', '--json', 'llama', '--folders', '/etc')
  expect(JSON.parse(stdout)).toMatchObject({
    folders: null,
    message: expect.stringContaining('no disk there'),
  })
})
