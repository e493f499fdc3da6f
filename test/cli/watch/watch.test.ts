import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { FULL_KEY } from '../../../src/simulator/simulator'
import { newDataFolder, type RunningCli, startCli, startSimulator } from '../../harness/cli/cli'
import { screenText } from '../../harness/cli/screen-text'
import { useRealCli } from '../../harness/cli/real-program'

useRealCli()

const pod = (id: string, more: object = {}) => ({ name: id, id, mode: 'training', ...more }) as const
const WAIT = { timeout: 60_000, interval: 20 }

test('a watch in a pipe writes a line per change and ends quietly with its reader', async () => {
  const runpod = await startSimulator([pod('a'), pod('b', { mode: 'stopped' })])
  const watching = startCli({ args: ['watch'], runpod, isRealProgram: true })
  await watching.waitForOutput(/b is stopped\n/)
  runpod.removePod('b')
  await watching.waitForOutput(
    /b is gone\. Someone may have terminated it, it may have been outbid, or the balance ran out\n/,
  )
  expect(watching.stdout()).not.toContain('\u001b')
  for (const line of watching.stdout().trimEnd().split('\n')) expect(line).toMatch(/^\d\d:\d\d  \S/)
  watching.closeStdout()
  runpod.setPod('a', { mode: 'stopped' })
  expect((await watching.exited).code).toBe(141)
})

test('a watch with JSON output writes one object with its time per line', async () => {
  const runpod = await startSimulator([pod('a', { name: 'a "b"\n\u202ec' })])
  const watching = startCli({ args: ['watch', '--log', 'json'], runpod })
  await watching.waitForOutput(/"event":"pod"/)
  runpod.fault({ kind: 'server-error' })
  await watching.waitForOutput(/"connection":"offline"/)
  runpod.clearFaults()
  await watching.waitForOutput(/The API is responding again/)
  watching.child.kill('SIGTERM')
  const { code, stdout } = await watching.exited
  expect(code).toBe(143)
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(events.map(({ event }) => event)).toEqual(['account', 'pod', 'connection', 'connection'])
  expect(events[1]).toMatchObject({
    podId: 'a',
    pod: 'a "b" c',
    state: 'running',
    activity: { kind: 'busy', by: 'gpu' },
    costPerHourUsd: 0.69,
  })
  for (const { at } of events) expect(new Date(at).toISOString()).toBe(at)
})

test('a name never reaches a shell, and markup in the body is escaped', async () => {
  const { toProgramNotification } = await import('../../../src/node/notifications/spawn-notification')
  expect(toProgramNotification({ title: '--x <b>\n', body: '<i>&' }, 'linux')).toEqual({
    title: 'x <b>',
    message: '&lt;i&gt;&amp;',
  })
})

test('a key that is rejected twice is an alert, and ends no watch', async () => {
  const runpod = await startSimulator([pod('a')])
  const dataFolder = newDataFolder({ keyRetryS: 1 })
  const watching = startCli({ args: ['watch', '--log', 'json'], runpod, dataFolder })
  await watching.waitForOutput(/"event":"pod"/)
  runpod.fault({ kind: 'unauthorized' })
  await watching.waitForOutput(/"connection":"key-refused"/)
  watching.child.kill('SIGTERM')
  const { code, stdout } = await watching.exited
  expect(code).toBe(143)
  // Where the tests run, nothing may take a notification.
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event !== 'obstacle')
  const connections = events.flatMap(({ event, connection }) => (event === 'connection' ? [connection] : []))
  expect(connections.slice(-2)).toEqual(['key-doubted', 'key-refused'])
  expect(events.at(-1)).toMatchObject({ connection: 'key-refused' })
  expect(events.at(-2)).toMatchObject({
    event: 'alert',
    kind: 'key-refused',
    title: 'Runpod rejected the API key',
  })
})

test('a demo needs no key, no lock and no network', async () => {
  const watching = startCli({ args: ['watch', '--or-demo'] })
  await watching.waitForOutput(/mcmc-planck is running and idle/)
  expect(existsSync(join(watching.dataFolder, 'writer'))).toBe(false)
})

/** Resizes the terminal of a watch, as a user does with the window. */
function resize({ child }: RunningCli, columns: number, rows: number): void {
  const terminal = execFileSync('ps', ['-o', 'tty=', '--ppid', String(child.pid)], {
    encoding: 'utf8',
  }).trim()
  execFileSync('stty', ['-F', `/dev/${terminal}`, 'cols', String(columns), 'rows', String(rows)])
}

function shows(watching: RunningCli, columns: number, rows: number): string {
  return screenText(watching.stdout(), columns, rows)
}

test('a watch on a terminal draws one table, follows its size, and restores the terminal', async () => {
  const runpod = await startSimulator([
    pod('llama-70b-sft', { costPerHourUsd: 10.76 }),
    pod('日本語-モデル', { id: 'jp' }),
  ])
  const size = { columns: 110, rows: 20 }
  const watching = startCli({ args: ['watch'], runpod, terminal: size })
  // It falls while the pods run.
  await vi.waitFor(() => {
    const text = shows(watching, 110, 20)
    expect(text).toMatch(/balance \$(?:100\.00|99\.\d\d)/)
    expect(text).toMatch(/NAME +STATE +ACTIVITY +COST +UP FOR +HARDWARE +ID/)
    expect(text).toMatch(/llama-70b-sft +running +busy \d+% +\$10\.76\/hr/)
  }, WAIT)
  expect(watching.stdout()).toContain('\u001b[?1049h')
  const before = watching.stdout().length
  resize(watching, 40, 10)
  const redrawn = (): string => screenText(watching.stdout().slice(before), 40, 10)
  await vi.waitFor(() => expect(redrawn()).toMatch(/NAME +STATE +ACTIVITY +COST\nllama-70b… /), WAIT)
  watching.type('q')
  const { code, stdout } = await watching.exited
  expect(code).toBe(0)
  expect(stdout.trimEnd().endsWith('\u001b[?25h\u001b[?1049l')).toBe(true)
})

test('^Z returns the terminal to the shell until the watch continues', async () => {
  const runpod = await startSimulator([pod('a')])
  const watching = startCli({
    args: ['watch'],
    runpod,
    terminal: { columns: 80, rows: 24 },
  })
  await vi.waitFor(() => expect(shows(watching, 80, 24)).toContain('busy'), WAIT)
  const before = watching.stdout().length
  const since = (): string => watching.stdout().slice(before)
  watching.type('\u001a')
  await vi.waitFor(() => {
    // `script` exits with its child, possibly before forwarding the child's last output.
    process.kill(watching.child.pid ?? 0, 'SIGCONT')
    const [, aside = ''] = since().split('\u001b[?25h\u001b[?1049l')
    expect(aside.split('\u001b[?1049h')[1]).toContain('busy')
  }, WAIT)
  watching.type('q')
  expect((await watching.exited).code).toBe(0)
})

test.each([['\u0003', 130]])('^C on a terminal ends the watch and restores it', async (key, exitCode) => {
  const runpod = await startSimulator([pod('a')])
  const watching = startCli({
    args: ['watch'],
    runpod,
    terminal: { columns: 80, rows: 24 },
  })
  await vi.waitFor(() => expect(shows(watching, 80, 24)).toContain('busy'), WAIT)
  watching.type(key)
  expect((await watching.exited).code).toBe(exitCode)
  expect(watching.stdout()).toContain('\u001b[?25h\u001b[?1049l')
})

test('40 columns and 12 rows are enough for the essential information', async () => {
  const pods = Array.from({ length: 20 }, (_, index) =>
    pod(`experiment-with-a-long-name-${index}`, { costPerHourUsd: 10.76 }),
  )
  const runpod = await startSimulator([pod('a'), ...pods])
  const watching = startCli({
    args: ['watch'],
    runpod,
    terminal: { columns: 40, rows: 12 },
  })
  await vi.waitFor(() => {
    const lines = shows(watching, 40, 12).split('\n')
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40)
    expect(lines.join('\n')).toContain('lasts')
    expect(lines.join('\n')).toMatch(/experi\S*… +running +busy \d+% +\$10\.76\/hr/)
    expect(lines.join('\n')).toMatch(/… \d+ more/)
  }, WAIT)
})

test.each([
  [['--no-color'], {}],
  [[], { NO_COLOR: '1' }],
])('the output without colors (%j %j) has the same text', async (args, env) => {
  const runpod = await startSimulator([pod('a')])
  const watching = startCli({
    args: ['watch', ...args],
    runpod,
    env,
    terminal: { columns: 80, rows: 24 },
  })
  await vi.waitFor(() => expect(shows(watching, 80, 24)).toContain('busy'), WAIT)
  expect(
    watching
      .stdout()
      .split('\u001b')
      .filter((part) => /^\[\d+m/.test(part)),
  ).toEqual([])
})

test('a terminal without capabilities gets line output', async () => {
  const runpod = await startSimulator([pod('a')])
  const watching = startCli({
    args: ['watch'],
    runpod,
    env: { TERM: 'dumb' },
    terminal: { columns: 80, rows: 24 },
  })
  await watching.waitForOutput(/a is running and busy/)
  expect(watching.stdout()).not.toContain('\u001b')
})

test('u on a terminal undoes a stop during its undo time', async () => {
  const runpod = await startSimulator([pod('a', { persistent: { sizeGb: 100, path: '/workspace' } })])
  const stopping = startCli({
    args: ['stop', 'a'],
    runpod,
    dataFolder: newDataFolder({ undoS: 30 }),
    terminal: { columns: 60, rows: 24 },
  })
  await stopping.waitForOutput(/Stopping a in 2\d s · u or \^C to undo/)
  stopping.type('u')
  const { code, stdout } = await stopping.exited
  expect(code).toBe(130)
  expect(stdout).toContain('Canceled: nothing was sent.')
  expect(runpod.requests.some(({ action }) => action !== undefined)).toBe(false)
})

test('a typed key is never shown', async () => {
  const runpod = await startSimulator([])
  const login = startCli({
    args: ['login'],
    runpod,
    env: { RUNPOD_API_KEY: undefined },
    terminal: { columns: 80, rows: 24 },
  })
  await login.waitForOutput(/API key for 127\.0\.0\.1:\d+ \(hidden\): /)
  login.type(`${FULL_KEY}\r`)
  const { code, stdout } = await login.exited
  expect(stdout).toContain('The key ending in cess works: 0 pods')
  expect(code).toBe(0)
  expect(stdout).not.toContain(FULL_KEY)
})
