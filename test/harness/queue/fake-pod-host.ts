import { fail, ok, type Result } from '../../../src/core/base/result'
import type { Pod, PodId } from '../../../src/core/pods/pod'
import type { HostKeyAcceptance } from '../../../src/core/terminal/seen-host-key'
import type {
  JobHost,
  JobHostError,
  JobLaunch,
  JobReading,
  ResultFile,
} from '../../../src/core/queue/host/job-host'

/** What happens to one request. `late`: it seems lost, and has its effect after so many ms. */
export type HostFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'lost-request' }
  | { readonly kind: 'lost-reply' }
  | { readonly kind: 'late'; readonly afterMs: number }

export interface FakePodHost extends JobHost {
  /** Moves the world on. The commands end in time by themselves. */
  advance(ms: number): void
  /** Its container starts again: everything that runs is gone. */
  restart(podId: PodId, keepsDisk: boolean): void
  /** How often the command of a run was started. */
  starts(runId: string): number
  /** The runs whose commands run now. */
  aliveRuns(): readonly string[]
  startedRuns(): readonly string[]
  /** What its command ended with, wherever its files are now; null: it runs, or was ended by a restart. */
  exitCodeOf(runId: string): number | null
  /** A stopped pod answers nothing. */
  setStopped(podId: PodId, isStopped: boolean): void
  readonly launches: readonly { readonly podId: PodId; readonly launch: JobLaunch }[]
  setDiskFull(podId: PodId, isFull: boolean): void
  /** What jobs bring back. */
  results: readonly ResultFile[]
  /** What jobs print. */
  log: Uint8Array
  /** Resolves when a result is here. */
  resultHere: () => Promise<void>
}

interface Directory {
  readonly state: 'claimed' | 'prepared' | 'started'
  /** Its container restarted while it ran. */
  readonly isKilled: boolean
  readonly startedMs: number
  readonly endsMs: number
  readonly exitCode: number | null
}

interface FakeComputer {
  boot: number
  isDiskFull: boolean
  isStopped: boolean
  directories: Map<string, Directory>
}

export interface FakePodHostOptions {
  /** Of the next request. Default: none. */
  readonly fault?: (verb: 'start' | 'read' | 'cancel') => HostFault
  /** Whether a start is interrupted once its directory exists. */
  readonly isInterrupted?: () => boolean
  /**
   * Whether the host key that it shows now is trusted, by a person or by what may be accepted. Default: a person trusts
   * it.
   */
  readonly trustsKey?: (pod: Pod, acceptance: HostKeyAcceptance | null) => boolean
  /** Resolves when the reply arrives. */
  readonly latency?: () => Promise<void>
}

/**
 * Pods that keep the promises of `JobHost`, in memory. A command "120 3" runs for 120 s and ends with exit code 3. Its
 * requests are dropped, delayed and interrupted as asked.
 */
export function createFakePodHost(options: FakePodHostOptions = {}): FakePodHost {
  const computers = new Map<PodId, FakeComputer>()
  const starts = new Map<string, number>()
  const exitCodes = new Map<string, number>()
  const launches: { podId: PodId; launch: JobLaunch }[] = []
  let nowMs = 0
  let late: { atMs: number; run: () => void }[] = []

  function computerOf(podId: PodId): FakeComputer {
    const known = computers.get(podId)
    if (known !== undefined) return known
    const computer = {
      boot: 1,
      isDiskFull: false,
      isStopped: false,
      uptimeS: null,
      directories: new Map<string, Directory>(),
    }
    computers.set(podId, computer)
    return computer
  }

  function begin(computer: FakeComputer, launch: JobLaunch): Result<'started' | 'exists', JobHostError> {
    if (computer.directories.has(launch.id)) return ok('exists')
    if (computer.isDiskFull)
      return fail({ kind: 'failed', message: 'No space left on device.', isUnclear: false })
    const [seconds = 1, exitCode = 0] = launch.command.split(' ').map(Number)
    const endsMs = nowMs + Math.min(seconds, launch.maxSeconds) * 1_000
    const state = options.isInterrupted?.() === true ? 'prepared' : 'started'
    if (state === 'started') {
      starts.set(launch.id, (starts.get(launch.id) ?? 0) + 1)
      exitCodes.set(launch.id, exitCode)
    }
    computer.directories.set(launch.id, { state, isKilled: false, startedMs: nowMs, endsMs, exitCode })
    return ok('started')
  }

  function kill({ directories }: FakeComputer, id: string): void {
    const directory = directories.get(id)
    if (directory !== undefined) directories.set(id, { ...directory, isKilled: true })
    exitCodes.delete(id)
  }

  function readingOf({ directories }: FakeComputer, jobId: string): JobReading {
    const directory = directories.get(jobId)
    if (directory === undefined) return { jobId, kind: 'absent' }
    if (directory.state === 'prepared') return { jobId, kind: 'prepared' }
    const common = { jobId, kind: 'ended', isTimedOut: false } as const
    if (directory.state === 'claimed') return { ...common, exitCode: null, startedAtS: null, endedAtS: null }
    const { startedMs, endsMs, exitCode } = directory
    const startedAtS = startedMs / 1_000
    if (directory.isKilled) return { ...common, exitCode: null, startedAtS, endedAtS: null }
    if (endsMs <= nowMs) return { ...common, exitCode, startedAtS, endedAtS: endsMs / 1_000 }
    return { jobId, kind: 'running', startedAtS, heartbeatAgeS: 1 }
  }

  const LOST: JobHostError = { kind: 'unreachable', message: 'The connection was lost.', isUnclear: true }

  async function request<T>(
    verb: 'start' | 'read' | 'cancel',
    podId: PodId,
    effect: () => Result<T, JobHostError>,
  ): Promise<Result<T, JobHostError>> {
    const fault = options.fault?.(verb) ?? { kind: 'none' }
    const { boot } = computerOf(podId)
    await options.latency?.()
    // A connection ends with the container that it goes to.
    if (computerOf(podId).boot !== boot || computerOf(podId).isStopped) return fail(LOST)
    switch (fault.kind) {
      case 'refused':
        return fail({ kind: 'unreachable', message: 'The pod can’t be reached.', isUnclear: false })
      case 'lost-request':
        return fail(LOST)
      case 'late':
        late.push({ atMs: nowMs + fault.afterMs, run: () => void effect() })
        return fail(LOST)
      case 'lost-reply':
        effect()
        return fail(LOST)
      case 'none':
        return effect()
    }
  }

  return {
    launches,
    results: [],
    log: new TextEncoder().encode('step 1\nstep 2\n'),
    resultHere: async () => {},
    start(pod: Pod, launch, acceptance = null) {
      return request('start', pod.id, () => {
        if (options.trustsKey?.(pod, acceptance) === false)
          return fail({ kind: 'unreachable', message: 'Its host key isn’t trusted.', isUnclear: false })
        launches.push({ podId: pod.id, launch })
        return begin(computerOf(pod.id), launch)
      })
    },
    read: (pod, ids) => request('read', pod.id, () => ok(ids.map((id) => readingOf(computerOf(pod.id), id)))),
    async readLog(_pod, _id, fromByte, maxBytes) {
      return ok({ bytes: this.log.subarray(fromByte, fromByte + maxBytes), sizeBytes: this.log.length })
    },
    cancel: (pod, id) =>
      request('cancel', pod.id, () => {
        const computer = computerOf(pod.id)
        const directory = computer.directories.get(id)
        const isRunning = readingOf(computer, id).kind === 'running'
        if (directory === undefined || directory.state === 'prepared')
          computer.directories.set(id, {
            state: 'claimed',
            isKilled: false,
            startedMs: nowMs,
            endsMs: nowMs,
            exitCode: null,
          })
        else if (isRunning) {
          computer.directories.set(id, { ...directory, endsMs: nowMs, exitCode: 143 })
          exitCodes.set(id, 143)
        }
        return ok(readingOf(computer, id))
      }),
    async listResults() {
      return ok(this.results)
    },
    async fetchResult(_pod, _id, file, folder) {
      await this.resultHere()
      return ok(`${folder}/${file.name}`)
    },
    advance(ms) {
      const endMs = nowMs + ms
      const due = late.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)
      late = late.filter(({ atMs }) => atMs > endMs)
      for (const { atMs, run } of due) {
        nowMs = Math.max(nowMs, atMs)
        run()
      }
      nowMs = endMs
    },
    restart(podId, keepsDisk) {
      const computer = computerOf(podId)
      for (const id of computer.directories.keys())
        if (readingOf(computer, id).kind === 'running') kill(computer, id)
      computer.boot += 1
      // What was on its way to a container that is gone never arrives.
      late = []
      if (!keepsDisk) computer.directories = new Map()
    },
    starts: (runId) => starts.get(runId) ?? 0,
    startedRuns: () => [...starts.keys()],
    aliveRuns: () =>
      [...computers.values()].flatMap((computer) =>
        [...computer.directories.keys()].filter((id) => readingOf(computer, id).kind === 'running'),
      ),
    exitCodeOf: (runId) => exitCodes.get(runId) ?? null,
    setStopped: (podId, isStopped) => void (computerOf(podId).isStopped = isStopped),
    setDiskFull: (podId, isFull) => void (computerOf(podId).isDiskFull = isFull),
  }
}
