import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createFleet } from '../../src/simulator/create-fleet'
import { createSimulator, FULL_KEY } from '../../src/simulator/simulator'
import { interleaved, type Measurement, median, spreadOf } from '../measurement'

const PROGRAM = resolve('out/cli/podkeeper.mjs')
const ROUNDS = 20
/** What a person doesn't wait for, ms. */
const STATUS_GOAL_MS = 150

/** How long short commands take, beside Node, which they run on, with an empty program. */
export async function measureCommandLine(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'podkeeper-command-line-'))
  const runpod = await createSimulator({
    seed: 1,
    pods: createFleet(5, 7),
    quotas: { minute: 1_000, hour: 100_000, day: 100_000 },
  })
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    RUNPOD_API_BASE_URL: `${runpod.url}/v2`,
    RUNPOD_API_KEY: FULL_KEY,
  }
  const timed = (...args: readonly string[]) => timeOf(args, env)
  const watchedFolder = await mkdtemp(join(tmpdir(), 'podkeeper-watched-'))
  const watch = spawn(process.execPath, [PROGRAM, 'watch', '--log', 'json', '--data-dir', watchedFolder], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await once(watch.stdout, 'data')
    const times = await interleaved(ROUNDS, {
      node: () => timed('-e', '0'),
      version: () => timed(PROGRAM, '--version'),
      status: () => timed(PROGRAM, 'status', '--data-dir', folder),
      watched: () => timed(PROGRAM, 'status', '--data-dir', watchedFolder),
    })
    const besideNode = (name: string, values: readonly number[], atMostMs: number | null): Measurement => ({
      group: 'app',
      name,
      unit: 'ms',
      value: median(values),
      spread: spreadOf(values),
      baseline: median(times.node),
      beside: 'an empty program of Node',
      goal: atMostMs === null ? null : { kind: 'value', atMost: atMostMs },
    })
    return [
      besideNode('podkeeper --version', times.version, null),
      besideNode('podkeeper status, which polls', times.status, null),
      besideNode('podkeeper status beside a watch', times.watched, STATUS_GOAL_MS),
    ]
  } finally {
    watch.kill()
    await once(watch, 'exit')
    await runpod.close()
    for (const each of [folder, watchedFolder]) await rm(each, { recursive: true })
  }
}

/** How long it runs, ms. Throws if it fails. */
function timeOf(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const before = performance.now()
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
    child.on('error', fail)
    child.on('close', (code) =>
      code === 0
        ? done(performance.now() - before)
        : fail(new Error(`${args.join(' ')} ended with code ${code}`)),
    )
  })
}
