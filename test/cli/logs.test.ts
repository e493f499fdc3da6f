import { describe, expect, test } from 'vitest'
import { createFakeClock } from '../harness/base/fake-clock'
import { newDataFolder, runCli, startCli, startSimulator } from '../harness/cli/cli'
import { printedLine } from '../../src/cli/commands/logs/logs'
import { parseSince } from '../../src/cli/program/program-logs'
import { useRealCli } from '../harness/cli/real-program'

useRealCli()

const pods = [
  { id: 'p', name: 'llama', mode: 'training', env: { HF_TOKEN: 'checkpoint shards' }, startedAgoMin: 5 },
  { id: 'q', name: 'stuck', mode: 'image-missing', startedAgoMin: 0, provisioningS: 0 },
  { id: 'r', name: 'long', mode: 'training', startedAgoMin: 600 },
] as const

async function prepare(options: Parameters<typeof startSimulator>[1] = {}) {
  const runpod = await startSimulator(pods, { timeFactor: 20, ...options })
  const dataFolder = newDataFolder()
  const given = (args: readonly string[]) => ({
    args: ['logs', ...args],
    runpod,
    dataFolder,
  })
  return {
    runpod,
    run: (...args: string[]) => runCli(given(args)),
    start: (...args: string[]) => startCli(given(args)),
    fill: (...args: string[]) => runCli({ ...given(args), redirection: '> /dev/full' }),
  }
}

describe('podkeeper logs', () => {
  test('prints the past lines of a pod without its secrets, and ends', async () => {
    const { run } = await prepare()
    const { code, stdout, stderr } = await run('llama', '--tail', '5000')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/system {4}.*create container/)
    expect(stdout).toContain('container  loading [hidden]')
    expect(stdout).toContain('step 10/20000')
    expect(stdout).not.toContain('checkpoint')
    // oxlint-disable-next-line no-control-regex -- control characters are what it is about
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  })

  test('follows a stopped pod, and says what it waits for', async () => {
    const runpod = await startSimulator([{ id: 's', name: 'asleep', mode: 'stopped' }])
    const following = startCli({ args: ['logs', '-f', 'asleep'], runpod, dataFolder: newDataFolder() })
    await following.waitForOutput(/asleep is stopped\. New lines follow once it is started\./)
    following.child.kill('SIGINT')
    await following.exited
  })

  test('prints one source, as many lines as asked for, as JSON', async () => {
    const { run } = await prepare()
    const { stdout } = await run('stuck', '--source', 'system', '--json', '--tail', '2')
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.length).toBeLessThanOrEqual(2)
    expect(lines.at(-1)).toEqual({
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      source: 'system',
      line: expect.stringContaining('image'),
    })
  })

  test('follows until ^C, also over a connection that breaks', async () => {
    const { runpod, start } = await prepare()
    runpod.fault({ kind: 'log-drop', path: '/v2/pods/p/logs', count: 1 })
    const running = start('-f', 'p', '--tail', '30', '--source', 'container')
    await running.waitForOutput(/step \d+[\s\S]*step \d+/)
    const requests = () => runpod.requests.filter(({ path }) => path.endsWith('/logs')).length
    await expect.poll(requests, { timeout: 60_000 }).toBeGreaterThan(1)
    const before = running.stdout().length
    await expect.poll(() => running.stdout().length, { timeout: 60_000 }).toBeGreaterThan(before)
    running.child.kill('SIGINT')
    const { code, stdout } = await running.exited
    expect(code).toBe(130)
    const steps = [...stdout.matchAll(/step (\d+)\//g)].map((match) => Number(match[1]))
    expect(steps.length).toBeGreaterThan(5)
    expect(steps).toEqual(steps.map((_, i) => steps[0]! + 10 * i))
  })

  test('prints past lines completely, also over a connection that breaks', async () => {
    const { runpod, run } = await prepare()
    runpod.fault({ kind: 'log-drop', path: '/v2/pods/r/logs', count: 1 })
    const { code, stdout } = await run('long', '--tail', '60', '--source', 'container')
    expect(code).toBe(0)
    const steps = [...stdout.matchAll(/step (\d+)\//g)].map((match) => Number(match[1]))
    expect(steps.length).toBeGreaterThanOrEqual(60)
    expect(steps).toEqual(steps.map((_, i) => steps[0]! + 10 * i))
  })

  test('says what is wrong by its exit code', async () => {
    const { run, runpod } = await prepare()
    expect((await run('nobody')).code).toBe(5)
    expect((await run('llama', '--tail', '5001')).code).toBe(2)
    expect((await run('llama', '--source', 'kernel')).code).toBe(2)
    expect((await run('llama', '--since', 'yesterday')).code).toBe(2)
    runpod.fault({ kind: 'forbidden', path: '/v2/pods/p/logs' })
    expect(await run('llama')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: 'Your API key has no permission to read logs.\n',
    })
    runpod.clearFaults()
    runpod.fault({ kind: 'not-found', path: '/v2/pods/p/logs' })
    expect((await run('llama')).code).toBe(5)
    runpod.clearFaults()
    runpod.fault({ kind: 'reset-before', path: '/v2/pods/p/logs' })
    expect((await run('llama')).code).toBe(4)
  })

  test('fails when its output cannot be written', async () => {
    const { fill } = await prepare()
    const { code, stderr } = await fill('llama')
    expect(code).toBe(1)
    expect(stderr).toMatch(/could not be written completely: .*ENOSPC/)
  })
})

describe('a printed line', () => {
  const line = {
    id: '1',
    source: 'system',
    atMs: Date.UTC(2026, 10, 24, 14, 5),
    text: 'error: full',
    styles: [{ from: 0, to: 5, names: ['red', 'bold'] }],
  } as const
  const plain = { isJson: false, hasColor: false, hasSources: true }

  test('has its time and source, and its colors only where they are wanted', () => {
    expect(printedLine(line, plain)).toMatch(/ system {5}error: full$/)
    expect(printedLine(line, { ...plain, hasSources: false })).not.toContain('system')
    expect(printedLine({ ...line, atMs: null }, plain)).toMatch(/^- system/)
    expect(printedLine(line, { ...plain, hasColor: true })).toContain('\u001b[31;1merror\u001b[0m: full')
    expect(JSON.parse(printedLine(line, { ...plain, isJson: true }))).toEqual({
      at: '2026-11-24T14:05:00.000Z',
      source: 'system',
      line: 'error: full',
    })
  })

  test('is from a time that is given as a duration or as a moment', () => {
    const { wallMs } = createFakeClock().now()
    expect(parseSince('10m')(wallMs)).toBe(wallMs - 600_000)
    expect(parseSince('2d')(wallMs)).toBe(wallMs - 172_800_000)
    expect(parseSince('2026-11-24T14:00:00Z')(wallMs)).toBe(Date.UTC(2026, 10, 24, 14))
    for (const wrong of ['', '10', '10y', 'yesterday', '2026-99-99', '-5m'])
      expect(() => parseSince(wrong)).toThrow()
  })
})
