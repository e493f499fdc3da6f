import { plainText } from '../../base/text/plain-text'

/** One reading of `/proc`, as `probeScript` prints it. Counters only grow while a process lives. */
export interface ProcReading {
  /** Seconds since the machine started. */
  readonly uptimeS: number
  /** The probe's own process. */
  readonly ownPid: number
  readonly processes: ReadonlyMap<number, ProcProcess>
  /** Whether a process exists that could not be read at all. */
  readonly isIncomplete: boolean
  /** Bytes by interface; those of the loopback interface are counted once. */
  readonly networkBytes: ReadonlyMap<string, number>
}

export interface ProcProcess {
  readonly pid: number
  readonly parentPid: number
  /** Printable, at most 64 characters. */
  readonly name: string
  /** CPU time, its own and that of its ended children, in hundredths of a second. */
  readonly ticks: number
  /** Tells it from another process that gets the same id. */
  readonly startTick: number
  /** Bytes read and written; null if not readable. */
  readonly io: { readonly byCalls: number; readonly byDisks: number } | null
  /** Time that it ran, ns; only for a process whose bytes are not readable; null if unknown. */
  readonly ranNs: number | null
}

/** The two readings of a probe's output; null if any of it is missing, repeated, malformed or unknown. */
export function parseProbe(output: string): readonly [ProcReading, ProcReading] | null {
  if (!output.endsWith('\n')) return null
  const lines = output.slice(0, -1).split('\n')
  const second = lines.indexOf('B 2')
  if (lines[0] !== 'B 1' || second === -1) return null
  const readings = [lines.slice(1, second), lines.slice(second + 1)].map(parseReading)
  const [before, after] = readings
  return before && after ? [before, after] : null
}

const MAX_NAME_CHARS = 64
const numberPattern = String.raw`(\d{1,16})`
const bytesPattern = String.raw`(\d{1,19}|-)`
const clockLine = /^T (\d{1,12}\.\d{1,3})$/
const ownLine = /^M (\d{1,10})$/
const processLine = new RegExp(`^P${` ${numberPattern}`.repeat(7)}${` ${bytesPattern}`.repeat(4)} ([^\\n]*)$`)
const ranLine = new RegExp(`^S ${numberPattern} (\\d{1,19})$`)
const unreadableLine = /^U \d{1,10}$/
const networkLine = /^N ([\w.@:-]{1,32}) (\d{1,19}) (\d{1,19})$/
const endLine = /^E (\d{1,7})$/

function parseReading(lines: readonly string[]): ProcReading | null {
  const [clock, own, end] = [
    clockLine.exec(lines[0] ?? ''),
    ownLine.exec(lines[1] ?? ''),
    endLine.exec(lines.at(-1) ?? ''),
  ]
  if (clock === null || own === null || end === null || lines.length < 3) return null
  const processes = new Map<number, ProcProcess>()
  const ranNs = new Map<number, number>()
  const networkBytes = new Map<string, number>()
  let isIncomplete = false
  for (const line of lines.slice(2, -1)) {
    const ran = ranLine.exec(line)
    const network = networkLine.exec(line)
    if (ran !== null) ranNs.set(Number(ran[1]), Number(ran[2]))
    else if (network !== null) {
      const [, name = '', received, sent] = network
      if (networkBytes.has(name)) return null
      networkBytes.set(name, Number(received) + (name === 'lo' ? 0 : Number(sent)))
    } else if (unreadableLine.test(line)) isIncomplete = true
    else {
      const process = parseProcess(line, ranNs)
      if (process === null || processes.has(process.pid)) return null
      processes.set(process.pid, process)
    }
  }
  const isWhole = processes.size === Number(end[1]) && networkBytes.size > 0
  const ownPid = Number(own[1])
  // Where the first process is hidden, others may be as well.
  if (!isWhole || !processes.has(1) || !processes.has(ownPid)) return null
  return { uptimeS: Number(clock[1]), ownPid, processes, isIncomplete, networkBytes }
}

function parseProcess(line: string, ranNs: ReadonlyMap<number, number>): ProcProcess | null {
  const fields = processLine.exec(line)
  if (fields === null) return null
  const [pid, parentPid, user, system, childUser, childSystem, startTick] = fields.slice(1, 8).map(Number)
  const bytes = fields.slice(8, 12)
  const [readByCalls, writtenByCalls, readByDisks, writtenByDisks] = bytes.map(Number)
  if (pid === undefined || parentPid === undefined || startTick === undefined) return null
  return {
    pid,
    parentPid,
    name: plainText(fields[12] ?? '').slice(0, MAX_NAME_CHARS),
    ticks: (user ?? 0) + (system ?? 0) + (childUser ?? 0) + (childSystem ?? 0),
    startTick,
    io: bytes.includes('-')
      ? null
      : {
          byCalls: (readByCalls ?? 0) + (writtenByCalls ?? 0),
          byDisks: (readByDisks ?? 0) + (writtenByDisks ?? 0),
        },
    ranNs: ranNs.get(pid) ?? null,
  }
}
