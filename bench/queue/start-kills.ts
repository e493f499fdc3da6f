import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JobLaunch, JobReading } from '../../src/core/queue/host/job-host'
import { parseReadings } from '../../src/core/queue/host/job-output-codec'
import { cancelScript, readScript, startScript } from '../../src/core/queue/host/job-scripts'
import type { Result } from '../../src/core/base/result'
import { framedOutput, framedScript } from '../../src/ssh/run/framed-script'
import type { ShellCommand } from '../processes'
import { createSeededRandom, type SeededRandom } from '../seeded-random'

/** The exit code and the log of each job. */
const EXIT_CODE = 7
const LOG = 'whole\n'
const NONCE = '0123456789abcdef01234567'
const CONCURRENT = 12
/** Within these a start is killed; it takes about 40 ms on a machine at rest. */
const MAX_KILL_MS = 120
const SECRET = 'secret-of-the-job'

/** What happens to one of the shells that start a job. `cut`: only this part of the script arrives. */
type ShellFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'cut'; readonly part: number }
  | { readonly kind: 'kill' | 'hang-up' | 'drop'; readonly afterMs: number }

/**
 * Starts jobs by shells of which most lose their input or their reader, are hung up on or are killed at any moment,
 * some of them two at a time; then reads or cancels. Returns what went wrong, by seed: a job that ran twice, one that
 * ran although it was said that it didn't or couldn't, an end that was not seen, a log that isn't whole, a secret that
 * was left behind.
 */
export async function checkStartKills(
  first: number,
  count: number,
  shells: readonly [ShellCommand, ...ShellCommand[]],
): Promise<readonly string[]> {
  const root = mkdtempSync(join(tmpdir(), 'podkeeper-queue-'))
  try {
    const seeds = Array.from({ length: count }, (_, i) => first + i)
    const problems: string[] = []
    const waiting = [...seeds]
    const besideIds = seeds.map((seed) => `job-${seed}`)
    const work = async (): Promise<void> => {
      for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift())
        problems.push(
          ...(await checkSeed(seed, root, shells, besideIds)).map((problem) => `seed ${seed}: ${problem}`),
        )
    }
    await Promise.all(Array.from({ length: CONCURRENT }, work))
    return problems
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function checkSeed(
  seed: number,
  root: string,
  shells: readonly [ShellCommand, ...ShellCommand[]],
  besideIds: readonly string[],
): Promise<readonly string[]> {
  const random = createSeededRandom(seed)
  const shell = random.pick(shells)
  const id = `job-${seed}`
  const counter = join(root, `count-${seed}`)
  const job: JobLaunch = {
    id,
    command: `echo ran >>${counter}\nprintf '${LOG.replace('\n', String.raw`\n`)}'\nexit ${EXIT_CODE}`,
    workingDirectory: null,
    environment: { SECRET },
    files: [],
    maxSeconds: 60,
    gpuIndexes: null,
    besideIds,
  }
  const script = startScript(root, job, null)
  const starts = random.bool(0.3) ? 2 : 1
  /** It may fail where a start that failed removes the directory at this moment. */
  const cancel = async (): Promise<JobReading | null> => {
    const output = await runScript(shell, cancelScript(root, id), { kind: 'none' })
    const canceled = parseReadings(output ?? '', [id])
    return canceled.ok ? (canceled.value[0] ?? null) : null
  }
  const cancelAfterMs = random.bool(0.3) ? random.next() * MAX_KILL_MS : null
  const starting = Array.from({ length: starts }, () => runScript(shell, script, randomFault(random)))
  const canceling = cancelAfterMs === null ? null : pause(cancelAfterMs).then(cancel)
  const replied = (await Promise.all(starting)).map((reply) => reply?.trim() ?? null)
  const canceled = (await canceling) ?? null
  const isCanceled = canceled !== null
  const read = async (): Promise<JobReading> => {
    const output = await runScript(shell, readScript(root, [id]), { kind: 'none' })
    const readings = parseReadings(output ?? '', [id])
    if (!readings.ok) throw new Error(`seed ${seed}: ${readings.error} ${output}`)
    return readings.value[0] as JobReading
  }
  let reading = await read()
  for (let tries = 0; tries < 200 && reading.kind !== 'ended' && reading.kind !== 'absent'; tries += 1) {
    await pause(20)
    reading = await read()
    // Interrupted before its start, which only a cancel makes sure of.
    if (reading.kind === 'prepared' && tries === 25) await cancel()
  }
  reading = await read()
  const runs = existsSync(counter) ? readFileSync(counter, 'utf8').split('\n').length - 1 : 0
  const folder = join(root, '.podkeeper/jobs', id)
  const log = existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : ''
  const problems: string[] = []
  if (canceled !== null && canceled.kind !== 'ended') problems.push(`a cancel said ${canceled.kind}`)
  if (reading.kind === 'ended' && reading.exitCode === null && runs > 0)
    problems.push(`it ran, and has no exit code`)
  if (runs > 1) problems.push(`it ran ${runs} times`)
  if (replied.filter((reply) => reply === 'started').length > 1) problems.push('two started it')
  if (reading.kind !== 'ended' && reading.kind !== 'absent') problems.push(`it is ${reading.kind}`)
  if (reading.kind === 'absent' && (runs > 0 || isCanceled)) problems.push(`it is absent after ${runs} runs`)
  if (reading.kind === 'ended' && reading.exitCode === EXIT_CODE && (runs !== 1 || log !== LOG))
    problems.push(`it ended after ${runs} runs with the log ${JSON.stringify(log)}`)
  if (
    replied.includes('started') &&
    !isCanceled &&
    (reading.kind !== 'ended' || reading.exitCode !== EXIT_CODE)
  )
    problems.push(`it started, and is ${JSON.stringify(reading)}`)
  if (reading.kind === 'ended' && existsSync(join(folder, 'env')))
    problems.push('its secrets are still there')
  return problems
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

function randomFault(random: SeededRandom): ShellFault {
  const kind = random.pick(['none', 'cut', 'kill', 'kill', 'hang-up', 'drop'] as const)
  if (kind === 'none') return { kind }
  return kind === 'cut' ? { kind, part: random.next() } : { kind, afterMs: random.next() ** 2 * MAX_KILL_MS }
}

/** What it printed between its markers; null if it didn't get to the end. */
async function runScript(
  [shell, ...args]: ShellCommand,
  script: Result<string, string>,
  fault: ShellFault,
): Promise<string | null> {
  if (!script.ok) throw new Error(script.error)
  const text = framedScript(script.value, NONCE)
  // A session of its own, as sshd gives it.
  const child = spawn(shell, args, { stdio: ['pipe', 'pipe', 'ignore'], detached: true })
  child.stdin.on('error', () => {})
  const parts: Buffer[] = []
  child.stdout.on('data', (bytes: Buffer) => parts.push(bytes))
  child.stdin.end(fault.kind === 'cut' ? text.slice(0, Math.floor(text.length * fault.part)) : text)
  const timer =
    'afterMs' in fault ? setTimeout(() => injectFault(child, fault.kind), fault.afterMs) : undefined
  await once(child, 'exit')
  clearTimeout(timer)
  if (!child.stdout.destroyed && !child.stdout.readableEnded) await once(child.stdout, 'close')
  const output = framedOutput(Buffer.concat(parts), NONCE)
  return output === null ? null : output.bytes.toString()
}

function injectFault(child: ChildProcess, kind: ShellFault['kind']): void {
  if (kind === 'drop') child.stdout?.destroy()
  else if (kind === 'kill') child.kill('SIGKILL')
  else if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGHUP')
}
