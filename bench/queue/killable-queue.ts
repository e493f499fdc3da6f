import { fail, ok } from '../../src/core/base/result'
import type { JobHost } from '../../src/core/queue/host/job-host'
import { parseQueueRecord, type QueueRecord } from '../../src/core/queue/jobs/job-codec'
import { createQueue, type Queue } from '../../src/core/queue/queue'
import type { FakeClock } from '../../test/harness/base/fake-clock'
import type { FakePodHost } from '../../test/harness/queue/fake-pod-host'
import { memoryResultFiles } from '../../test/harness/queue/queue-fixture'

export interface KillableQueueOptions {
  readonly clock: FakeClock
  readonly host: FakePodHost
  readonly idPrefix: string
  /** What the queue knows of pods. `survives` counts one request of the program, and is false once it is killed. */
  readonly parts: (
    survives: () => boolean,
  ) => Pick<Parameters<typeof createQueue>[0], 'pods' | 'podSources' | 'isGone' | 'refreshPod'> &
    Partial<Pick<Parameters<typeof createQueue>[0], 'stopPod' | 'announce'>>
  readonly isDiskFull?: () => boolean
  readonly onUnreadable?: (line: string) => void
}

/** A queue of a program that can be killed before and after everything that it writes down or requests. */
export interface KillableQueue {
  /** Null before the first start. */
  readonly queue: () => Queue | null
  readonly kills: () => number
  /** The last record of each id. */
  readonly records: () => readonly QueueRecord[]
  /** Plans its end at that many writes and requests from now, unless its end is planned already. */
  killAfter(steps: () => number): void
  /** It lives on, whatever was planned. */
  spare(): void
  isKilled(): boolean
  /** Starts it, for the first time or after it was killed, on what it wrote down. */
  revive(): void
}

export function createKillableQueue(options: KillableQueueOptions): KillableQueue {
  const { clock, host } = options
  const lines: string[] = []
  let queue: Queue | null = null
  let kills = 0
  let life = 1
  let ids = 0
  /** The writes and requests until the program is killed; null: it lives on. */
  let stepsToKill: number | null = null

  function records(): readonly QueueRecord[] {
    const byId = new Map<string, QueueRecord>()
    for (const line of lines) {
      const record = parseQueueRecord(JSON.parse(line))
      if (record === null) options.onUnreadable?.(line)
      else byId.set(record.id, record)
    }
    return [...byId.values()]
  }

  function start(): void {
    const own = life
    const isAlive = (): boolean => own === life
    const survives = (): boolean => {
      if (!isAlive()) return false
      if (stepsToKill === null) return true
      stepsToKill -= 1
      if (stepsToKill > 0) return true
      life += 1
      return false
    }
    queue = createQueue({
      clock,
      newId: () => `${options.idPrefix}-${(ids += 1)}`,
      journal: {
        record(record) {
          if (!survives()) return fail('the program was killed')
          if (options.isDiskFull?.() === true) return fail('the disk is full')
          lines.push(JSON.stringify(record))
          return survives() ? ok(undefined) : fail('the program was killed')
        },
        latest: records,
      },
      hostOf: () => crashingHost(host, survives, isAlive),
      secrets: { save: async () => ok(undefined), load: async () => ok({}), remove: () => {} },
      resultFiles: memoryResultFiles,
      decodeText: () => '',
      experiments: () => [],
      costOf: () => null,
      wantLook: () => {},
      stopPod: () => ok(undefined),
      announce: () => {},
      record: () => {},
      mayAct: isAlive,
      readOnlyReason: () => null,
      readElsewhere: () => [],
      report: () => {},
      ...options.parts(survives),
    })
    queue.start()
  }

  const isKilled = (): boolean => stepsToKill !== null && stepsToKill <= 0

  return {
    queue: () => queue,
    kills: () => kills,
    records,
    killAfter: (steps) => void (stepsToKill ??= steps()),
    spare: () => void (stepsToKill = null),
    isKilled,
    revive() {
      if (queue !== null && !isKilled()) return
      queue?.dispose()
      if (queue !== null) kills += 1
      clock.restart(`run-${kills + 1}`)
      stepsToKill = null
      start()
    },
  }
}

/** Requests of a program that may be killed before and after each of them. A request on its way still arrives. */
function crashingHost(host: FakePodHost, survives: () => boolean, isAlive: () => boolean): JobHost {
  const forever = new Promise<never>(() => {})
  async function unlessKilled<T>(send: () => Promise<T>): Promise<T> {
    if (!survives()) return forever
    const reply = await send()
    return isAlive() && survives() ? reply : forever
  }
  return {
    start: (target, launch, acceptance) => unlessKilled(() => host.start(target, launch, acceptance)),
    read: (target, jobIds) => unlessKilled(() => host.read(target, jobIds)),
    readLog: (target, jobId, fromByte, maxBytes) => host.readLog(target, jobId, fromByte, maxBytes),
    cancel: (target, jobId) => unlessKilled(() => host.cancel(target, jobId)),
    listResults: (target, jobId, globs) => host.listResults(target, jobId, globs),
    fetchResult: (target, jobId, file, folder) => host.fetchResult(target, jobId, file, folder),
  }
}
