import { fail, ok, type Result } from '../../base/result'
import {
  clockDisagreementMs,
  elapsedMs,
  type Instant,
  SECOND_MS,
  MAX_CLOCK_DISAGREEMENT_MS,
} from '../../base/time/time'
import { parseProbe, type ProcProcess, type ProcReading } from './inside-probe-codec'

/** What was read inside a pod over about one minute. See docs/product-rules.md#25-quiet. */
export interface InsideReading {
  readonly verdict: 'at-rest' | 'working'
  /** The end of the interval. */
  readonly at: Instant
  readonly intervalMs: number
  readonly processCount: number
  /** The process that used the most CPU, in percent of one core; null if none used any. */
  readonly busiest: { readonly name: string; readonly percentOfCore: number } | null
  /** Reads and writes of all processes; null if not every process could be read. */
  readonly diskBytesPerS: number | null
  readonly networkBytesPerS: number
}

/** What a look inside a pod found, for the guard and for display. */
export interface InsideVerdict {
  readonly kind: 'at-rest' | 'working'
  /** The end of the minute that was observed, Unix ms. */
  readonly atMs: number
  /** "python3 used 97% of one core". */
  readonly text: string
  /** A person watched its GPUs at work, which says nothing of the time after. Absent: it was a look. */
  readonly isLive?: true
}

/** What a probe printed, and when. */
export interface ProbeRun {
  readonly output: string
  /** The time between the two readings that the probe was started with, in seconds. */
  readonly intervalS: number
  readonly startedAt: Instant
  readonly endedAt: Instant
}

/** A process above this works, in percent of one core. */
const WORKING_CORE_PERCENT = 5
/** Disk or network traffic above this is work, in bytes per second. */
const WORKING_BYTES_PER_S = 1_000_000
/**
 * A process whose bytes are not readable moves less than that if it runs for less than this, in ns per second:
 * copying 1 MB takes longer.
 */
const RESTING_NS_PER_S = 20_000
/** How much longer than asked for the probe may wait, in seconds. */
const MAX_EXTRA_S = 30
/** The pod's clock is printed in hundredths of a second. */
const CLOCK_TOLERANCE_S = 0.1
/** More cores than any machine has. */
const MAX_CORES = 4_096

/**
 * Judges the output of `probeScript`. What is missing, malformed or contradictory is a failure, never at rest;
 * the error is a clause for display. See docs/product-rules.md#25-quiet.
 */
export function judgeProbe(run: ProbeRun): Result<InsideReading, string> {
  const { intervalS, startedAt, endedAt } = run
  if (clockDisagreementMs(startedAt, endedAt) > MAX_CLOCK_DISAGREEMENT_MS)
    return fail("this computer's clock changed in the meantime")
  const readings = parseProbe(run.output)
  if (readings === null) return fail('what it shows about its processes could not be read')
  const [before, after] = readings
  const seconds = after.uptimeS - before.uptimeS
  const isPlausible =
    seconds >= intervalS - CLOCK_TOLERANCE_S &&
    seconds <= intervalS + MAX_EXTRA_S &&
    (seconds - CLOCK_TOLERANCE_S) * SECOND_MS <= elapsedMs(startedAt, endedAt)
  if (!isPlausible || before.ownPid !== after.ownPid) return fail("the pod's clock was not reliable")

  const usages = usagesOf(before, after, seconds)
  const networkBytes = growth(before.networkBytes, after.networkBytes)
  if (usages === null || networkBytes === null) return fail('its counters went backwards')
  const [busiest] = usages.filter(({ percentOfCore }) => percentOfCore > 0).sort(byCoreDescending)
  const knownDiskBytes = sum(usages.map(({ bytes }) => bytes ?? 0))
  const isDiskKnown =
    !before.isIncomplete && !after.isIncomplete && usages.every(({ bytes }) => bytes !== null)
  const networkBytesPerS = networkBytes / seconds
  const isWorking =
    (busiest?.percentOfCore ?? 0) > WORKING_CORE_PERCENT ||
    knownDiskBytes / seconds > WORKING_BYTES_PER_S ||
    networkBytesPerS > WORKING_BYTES_PER_S
  if (!isWorking && !isDiskKnown) return fail('some of its processes could not be read')
  return ok({
    verdict: isWorking ? 'working' : 'at-rest',
    at: endedAt,
    intervalMs: seconds * SECOND_MS,
    processCount: usages.length,
    busiest: busiest ? { name: busiest.name, percentOfCore: busiest.percentOfCore } : null,
    diskBytesPerS: isDiskKnown ? knownDiskBytes / seconds : null,
    networkBytesPerS,
  })
}

/** What a process did between the readings; `bytes` is null if unknown. */
interface Usage {
  readonly name: string
  readonly percentOfCore: number
  readonly bytes: number | null
}

const byCoreDescending = (a: Usage, b: Usage): number => b.percentOfCore - a.percentOfCore
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/**
 * All processes of the second reading except the probe. What ended between the readings counts with its
 * parent, which takes over its figures. Null if a counter fell or is impossible.
 */
function usagesOf(before: ProcReading, after: ProcReading, seconds: number): readonly Usage[] | null {
  const own = probeProcesses(after)
  const usages: Usage[] = []
  for (const process of after.processes.values()) {
    if (own.has(process.pid)) continue
    const known = before.processes.get(process.pid)
    const earlier = known?.startTick === process.startTick ? known : null
    const ticks = process.ticks - (earlier?.ticks ?? 0)
    if (ticks < 0 || ticks > seconds * 100 * MAX_CORES) return null
    const bytes = bytesBetween(earlier, process, seconds)
    if (bytes === 'fell') return null
    usages.push({ name: process.name, percentOfCore: ticks / seconds, bytes })
  }
  return usages
}

/** Reads and writes by calls count as well, because network volumes are not disks to the system. */
function bytesBetween(
  earlier: ProcProcess | null,
  process: ProcProcess,
  seconds: number,
): number | null | 'fell' {
  if (process.io === null || (earlier !== null && earlier.io === null)) {
    if (earlier?.ranNs == null || process.ranNs === null) return null
    const ranNs = process.ranNs - earlier.ranNs
    if (ranNs < 0) return 'fell'
    return ranNs <= RESTING_NS_PER_S * seconds ? 0 : null
  }
  const byCalls = process.io.byCalls - (earlier?.io?.byCalls ?? 0)
  const byDisks = process.io.byDisks - (earlier?.io?.byDisks ?? 0)
  return byCalls < 0 || byDisks < 0 ? 'fell' : Math.max(byCalls, byDisks)
}

const serverNames = /^(sshd|dropbear)/
const shellNames = /^-?(sh|bash|dash|ash|zsh|fish|ksh|mksh|csh|tcsh|busybox)$/

/**
 * The probe, what it started, and the shell and SSH session that it runs in. Neither the pod's first process
 * nor the server that the session belongs to: they take over the figures of other sessions that end.
 */
function probeProcesses({ ownPid, processes }: ProcReading): ReadonlySet<number> {
  const own = new Set([ownPid])
  const servers: number[] = []
  for (let pid = processes.get(ownPid)?.parentPid ?? 0; pid > 1 && !own.has(pid);) {
    const process = processes.get(pid)
    if (process === undefined) break
    if (serverNames.test(process.name)) servers.push(pid)
    else if (servers.length > 0 || !shellNames.test(process.name)) break
    own.add(pid)
    pid = process.parentPid
  }
  if (servers.length > 1) own.delete(servers.at(-1) ?? 0)
  const isOwnChild = ({ pid, parentPid }: ProcProcess): boolean => {
    for (let id = parentPid, depth = 0; depth < MAX_DEPTH; depth += 1) {
      if (id === ownPid) return pid !== 1
      const parent = processes.get(id)
      if (parent === undefined) return false
      id = parent.parentPid
    }
    return false
  }
  for (const process of processes.values()) if (isOwnChild(process)) own.add(process.pid)
  return own
}

/** The probe starts no deeper tree of processes. */
const MAX_DEPTH = 4

/** The sum by which counters grew; null if one fell or disappeared. */
function growth(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number | null {
  let total = 0
  for (const [name, value] of after) {
    const grown = value - (before.get(name) ?? 0)
    if (grown < 0) return null
    total += grown
  }
  return [...before.keys()].every((name) => after.has(name)) ? total : null
}
