import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { accountIdOf } from '../../src/node/account-id'
import { createFleet } from '../../src/simulator/create-fleet'
import { createSimulator, FULL_KEY } from '../../src/simulator/simulator'
import { writeFormatFile } from '../../test/harness/data-folder/migrated-folder'
import { figuresOf, type Measurement } from '../measurement'
import { ownCpuMsOf, pssMbOf } from '../processes'

const PROGRAM = resolve('out/cli/podkeeper.mjs')
const POLL_S = 5
const POLLS = 6
/** For a watch that hardly polls. */
const GIVE_UP_MS = 120_000
/** The start included. */
const MAX_MS_PER_POLL = 1_000
/** Pods that the account has, and pods that rules were set for, most of them gone. */
const SERVERS: readonly (readonly [pods: number, rules: number])[] = [
  [300, 0],
  [300, 300],
  [300, 3_000],
  [5, 10_000],
]

/** What `podkeeper watch` needs on a server on which rules were set for months. */
export async function measureServerYear(): Promise<readonly Measurement[]> {
  const all: Measurement[] = []
  for (const [pods, rules] of SERVERS) all.push(...(await measureWatch(pods, rules)))
  return all
}

async function measureWatch(pods: number, rules: number): Promise<readonly Measurement[]> {
  const runpod = await createSimulator({ seed: 1, pods: createFleet(pods, 7), quotas: null })
  const folder = mkdtempSync(join(tmpdir(), 'podkeeper-year-'))
  const baseUrl = `${runpod.url}/v2`
  writeFormatFile(folder)
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configOf(baseUrl, pods, rules)))
  const startedAtMs = performance.now()
  const watch = spawn(process.execPath, [PROGRAM, 'watch', '--log', 'json', '--data-dir', folder], {
    env: { PATH: process.env['PATH'], HOME: folder, RUNPOD_API_BASE_URL: baseUrl, RUNPOD_API_KEY: FULL_KEY },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((done) => watch.once('close', () => done()))
  let firstOutputMs = Number.NaN
  watch.stdout.once('data', () => (firstOutputMs = performance.now() - startedAtMs)).resume()
  const polls = (): number =>
    runpod.requests.filter(({ method, path }) => method === 'GET' && path === '/v2/pods').length
  try {
    while (polls() <= POLLS && performance.now() - startedAtMs < GIVE_UP_MS) await wait(POLL_S * 100)
    const { pid = 0 } = watch
    const [pollCount, cpuMs, memoryMb] = [polls(), ownCpuMsOf(pid), pssMbOf(pid)]
    const endingAtMs = performance.now()
    watch.kill()
    await ended
    const name = (what: string): string => `${pods} pods, ${rules} rules: ${what}`
    const figure = figuresOf('server')
    return [
      figure(name('processor time per poll'), 'ms', cpuMs / pollCount, {
        goal: { kind: 'value', atMost: MAX_MS_PER_POLL },
      }),
      figure(name('first output'), 's', firstOutputMs / 1_000),
      figure(name('end after SIGTERM'), 's', (performance.now() - endingAtMs) / 1_000),
      figure(name('memory'), 'MB', memoryMb),
    ]
  } finally {
    watch.kill('SIGKILL')
    await runpod.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The pods of the account have rules first. */
function configOf(baseUrl: string, pods: number, rules: number) {
  const accountId = accountIdOf(new URL(baseUrl), FULL_KEY)
  const ids = [
    ...createFleet(pods, 7).map(({ id }) => id),
    ...Array.from({ length: rules }, (_, index) => `gone${index}`),
  ].slice(0, rules)
  const podRules = { maxHours: 500, idleAlertAfterMin: 30, isAutoStopped: false }
  return {
    version: 1,
    settings: { pollActiveS: POLL_S, pollIdleS: POLL_S, pollTransitionS: POLL_S },
    accounts: [],
    guards: {
      [accountId]: { autoStop: 'ticked', pods: Object.fromEntries(ids.map((id) => [id, podRules])) },
    },
  }
}
