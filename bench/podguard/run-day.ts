import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { guardScript } from '../../src/core/pod-guard/guard-script'
import { writeHolds, writeMeanwhile } from './day-files'
import { createFakePod, readTerminal } from './fake-pod'
import type { FakeRunpod, ServedPod } from './fake-runpod'
import type { PodDay } from './pod-day'
import type { ShellCommand } from '../processes'

/** What was seen of a guard, in seconds since the start. */
export interface DayRecord {
  readonly day: PodDay
  /** The moment of the accepted stop; null: none. */
  readonly stoppedAtS: number | null
  /** When a warning was in each terminal, or where there is none in the file. */
  readonly warnings: readonly { readonly atS: number; readonly text: string }[]
  readonly offenses: readonly string[]
  readonly readings: number
  readonly lastStatus: string
}

const SLOWEST_MS = 120_000
/** A guard doesn't take exactly a minute for a reading. */
const extraS = (tS: number): number => Math.floor(tS * 13) % 3

/** Runs the real script in a real shell over a simulated day, until its stop is accepted or the day is over. */
export async function runPodDay(day: PodDay, shell: ShellCommand, runpod: FakeRunpod): Promise<DayRecord> {
  const root = mkdtempSync(join(tmpdir(), 'podkeeper-guard-'))
  const podId = `pod${day.seed}`
  const key = `rpa_secret${day.seed}`
  const pod = createFakePod(root, podId, key, day)
  let stoppedAtS: number | null = null
  let tS = 0
  const warnings: { atS: number; text: string }[] = []
  const served: ServedPod = {
    key,
    fault: null,
    offenses: [],
    requests: 0,
    onRead: () => {
      // The first one is that of the check whether it may read the pod.
      if (served.requests > 1) writeMeanwhile(pod, day, tS)
    },
    onStop: () => (stoppedAtS ??= tS),
  }
  runpod.pods.set(podId, served)
  if (day.earlierHold !== null) pod.writeEarlierHold(day.earlierHold)
  const script = join(pod.folder, 'guard.sh')
  writeFileSync(script, withPrelude(guardScript(runpod.apiBase) ?? '', root, day.program))
  let guard: RunningGuard | null = null
  let readings = 0
  let isUpgraded = false
  try {
    for (let shown = ''; tS < day.lengthS && stoppedAtS === null;) {
      const gap = day.gaps.find(({ fromS, toS }) => fromS <= tS && tS < toS)
      if (gap !== undefined) {
        if (guard !== null) {
          await kill(guard, day.seed + Math.floor(tS))
          pod.endProcess(guard.child.pid ?? 0)
        }
        guard = null
        tS = gap.toS
        continue
      }
      if (guard !== null && day.upgrade !== null && !isUpgraded && day.upgrade.atS <= tS) {
        await kill(guard, 0)
        pod.endProcess(guard.child.pid ?? 0)
        isUpgraded = true
        guard = null
      }
      served.fault = day.api.find(({ fromS, toS }) => fromS <= tS && tS < toS)?.kind ?? null
      writeHolds(pod, day, tS)
      pod.advance(tS, guard?.child.pid ?? 0)
      if (guard === null) {
        guard = startGuard(shell, script, root)
        const pid = guard.child.pid ?? 0
        pod.advance(tS, pid)
        await guard.answer('')
      } else guard.release()
      await guard.slept()
      readings += 1
      const text = readTerminal(root, 0) || readWarning(pod.folder)
      if (text !== shown && text.length > 0) warnings.push({ atS: tS, text })
      shown = text
      tS += day.stepS + extraS(tS)
    }
    if (guard !== null) await kill(guard, 0)
    const offenses = [...served.offenses, ...leaks(root, key)]
    return { day, stoppedAtS, warnings, offenses, readings, lastStatus: readStatus(root, pod.folder, podId) }
  } finally {
    if (guard !== null) guard.child.kill('SIGKILL')
    runpod.pods.delete(podId)
    rmSync(root, { recursive: true, force: true, maxRetries: 5 })
  }
}

interface RunningGuard {
  readonly child: ChildProcess
  /** Answers the first question of the prelude. */
  answer(text: string): Promise<void>
  /** Lets the guard's sleep end. */
  release(): void
  /** Resolves once the guard sleeps. */
  slept(): Promise<void>
}

function startGuard([program, ...args]: ShellCommand, script: string, root: string): RunningGuard {
  const child = spawn(program, [...args, script], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: { PATH: `${root}/bin:${process.env['PATH']}`, PODKEEPER_TEST_ROOT: root, TIME_STYLE: '+' },
    detached: true,
  })
  const requests = child.stdio[3] as Readable
  const answers = child.stdio[4] as unknown as Writable
  answers.on('error', () => {})
  let errors = ''
  child.stderr?.on('data', (text: Buffer) => (errors += text))
  child.stdout?.resume()
  const waiting: (() => void)[] = []
  let count = 0
  requests.on('data', (bytes: Buffer) => {
    for (const byte of bytes)
      if (byte === 10) {
        count += 1
        waiting.shift()?.()
      }
  })
  const next = (): Promise<void> =>
    new Promise((resolve, reject) => {
      if (count > 0) {
        count -= 1
        resolve()
        return
      }
      const timer = setTimeout(() => reject(new Error(`the guard hangs: ${errors}`)), SLOWEST_MS)
      const onExit = (): void => {
        clearTimeout(timer)
        reject(new Error(`the guard ended: ${errors}`))
      }
      child.once('exit', onExit)
      waiting.push(() => {
        count -= 1
        clearTimeout(timer)
        child.off('exit', onExit)
        if (errors === '') resolve()
        else reject(new Error(`the guard printed ${errors}`))
      })
    })
  return {
    child,
    async answer() {
      await next()
      answers.write('\n')
    },
    release: () => void answers.write('\n'),
    slept: next,
  }
}

/** At any moment of a reading. */
async function kill(guard: RunningGuard, seed: number): Promise<void> {
  const ended = once(guard.child, 'exit')
  if (seed % 2 !== 0) {
    guard.release()
    await new Promise((resolve) => setTimeout(resolve, seed % 7))
  }
  guard.child.kill('SIGKILL')
  await ended
}

/** Replaces what would take time, or can't be had in a folder. */
function withPrelude(script: string, root: string, program: PodDay['program']): string {
  const hidden = { curl: '', python3: 'curl', wget: 'curl python3' }[program]
  const prelude = `
echo start >&3
read -r go_on <&4
sleep() {
  if ! [ -e '${root}/hang' ]; then wait; fi
  echo sleep >&3
  read -r go_on <&4 || exit
}
mv() {
  if [ -e '${root}/full' ]; then case $2 in '${root}'/workspace/*) return 1 ;; esac; fi
  /bin/mv "$@"
}
# Its clock is not the pod's, and it shows no time of day for what is far from its own. In a pod, a terminal that was
# just used is near.
ls() {
  if [ -z "\${TIME_STYLE-}" ]; then set -- --time-style='+%b %e %H:%M' "$@"; fi
  /bin/ls "$@"
}
command() {
  case ' ${hidden} ' in *" $2 "*) return 1 ;; esac
  type "$2" 2>/dev/null
}
`
  const at = script.indexOf('\nversion=')
  return script.slice(0, at) + prelude + script.slice(at)
}

function readWarning(folder: string): string {
  try {
    return readFileSync(join(folder, 'warning'), 'utf8')
  } catch {
    return ''
  }
}

function readStatus(root: string, folder: string, podId: string): string {
  const read = (path: string): string => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return ''
    }
  }
  return read(join(folder, 'status')) + read(join(root, `dev/shm/podkeeper-guard-${podId}/status`))
}

/** The key may be nowhere but where it came from. */
function leaks(root: string, key: string): readonly string[] {
  const found: string[] = []
  for (const path of walk(root))
    if (!path.endsWith('proc/1/environ') && readFileSync(path).includes(key))
      found.push(`has the key in ${path}`)
  return found
}

function walk(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? walk(path) : entry.isFile() ? [path] : []
  })
}
