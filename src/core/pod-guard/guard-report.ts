import { fail, ok, type Result } from '../base/result'
import { plainText } from '../base/text/plain-text'
import { type GuardComputer, isComputerId, parseComputers } from './guard-computers'
import { GUARD_VERSION } from './guard-script'

/*
 * What the scripts of `guard-scripts.ts` print. It is hostile: whatever isn't exactly as expected is an error, which
 * is a sentence for display. See docs/product-rules.md#141-guard-in-the-pod.
 */

/** What a guard found at its last reading. Times are seconds. */
export interface GuardStatus {
  readonly version: number
  /** The boot of the machine and the start of the container. */
  readonly run: string
  /** Since the machine started. */
  readonly beatS: number
  readonly idleS: number
  /** 0: it does not stop idle pods. */
  readonly idleLimitS: number
  readonly seen: 'rest' | 'busy' | 'unknown'
  /** What was busy or could not be read: "the network". */
  readonly why: string | null
  readonly isArmed: boolean
  /** The last answer to a request: an HTTP status, or why there was none. */
  readonly answer: string
  readonly hold: GuardHold | null
  readonly cause: GuardCause | null
  /** The computer whose limit that is; null: none, or not known. */
  readonly by: string | null
  /** When it stops the pod unless something happens; null: nothing is near. Since the machine started. */
  readonly stopAtS: number | null
  /** Since the machine started; null: none. */
  readonly deadlineS: number | null
  readonly keptUntilS: number | null
  readonly leaseUntilS: number | null
  /** Its last request for a stop. */
  readonly stopping: { readonly cause: GuardCause; readonly answer: string; readonly count: number } | null
}

export type GuardCause = 'idle' | 'deadline' | 'asked'

/** Whether a request for a stop may have had its effect. One that ends the guard gets no answer. */
export const wasAccepted = (stopping: GuardStatus['stopping']): boolean =>
  stopping !== null && (stopping.answer === 'sent' || stopping.answer.startsWith('2'))

export type GuardHold = (typeof holds)[number]
const holds = ['unarmed', 'report', 'lease', 'keep', 'unreadable'] as const

export type PostStart = (typeof postStarts)[number]
const postStarts = ['yes', 'no', 'none', 'left'] as const

export interface GuardReport {
  /** Seconds since the machine started, when it was asked. */
  readonly nowS: number
  readonly run: string
  readonly isAlive: boolean
  /**
   * Whether the image starts it with the container: `none`: it runs no such script; `left`: that one can't be changed
   * safely. Null: not known.
   */
  readonly postStart: PostStart | null
  /** What each computer set in it, this one included. */
  readonly computers: readonly GuardComputer[]
  /** The line of this computer's settings, as written. Null: there is none, or it is unreadable. */
  readonly settings: string | null
  /** Null: it has not written any in this run of the container. */
  readonly status: GuardStatus | null
  /** The last of an earlier run, which may say that the guard ended it. */
  readonly previous: GuardStatus | null
}

const UNREADABLE = "The guard's reply can't be read."
const MAX_CHARS = 300

/** `absent`: the pod has no guard. */
export function parseGuardReport(output: string): Result<GuardReport | 'absent', string> {
  const failure = /^failed ([\s\S]*)/m.exec(output)?.[1]
  if (failure !== undefined) return fail(plainText(failure.trim()).slice(0, MAX_CHARS) || UNREADABLE)
  const lines = output.trimEnd().split('\n')
  if (lines.length === 1 && lines[0] === 'absent') return ok('absent')
  const now = /^now (\d{1,12}) (\S{1,80})$/.exec(lines[0] ?? '')
  const alive = /^alive (yes|no)$/.exec(lines[1] ?? '')
  if (now === null || alive === null || lines.at(-1) !== 'complete') return fail(UNREADABLE)
  const files = filesIn(lines.slice(2, -1))
  const run = now[2] ?? ''
  const nowS = Number(now[1])
  const found = files
    .filter(({ name }) => name === 'status' || name === 'previous')
    .flatMap((file) => parseStatus(file.lines) ?? [])
  const newest = (those: readonly GuardStatus[]): GuardStatus | null =>
    those.reduce<GuardStatus | null>((a, b) => (a === null || b.beatS > a.beatS ? b : a), null)
  return ok({
    nowS,
    run,
    isAlive: alive[1] === 'yes',
    postStart: postStarts.find((one) => lines[2] === `post-start ${one}`) ?? null,
    computers: parseComputers(beforeFiles(lines)),
    settings: files.find(({ name }) => name === 'settings')?.lines[0] ?? null,
    // What is from the future was written by no guard of this run.
    status: newest(found.filter((status) => status.run === run && status.beatS <= nowS)),
    previous: newest(found.filter((status) => status.run !== run)),
  })
}

/** `kept`: other computers want the guard, so it stays for them. */
export const parseRemoval = (output: string): Result<void, string> =>
  output.trim() === 'removed' || output.trim() === 'kept'
    ? ok(undefined)
    : fail(plainText(/^failed ([\s\S]*)/m.exec(output)?.[1] ?? UNREADABLE).slice(0, MAX_CHARS))

interface PrintedFile {
  readonly name: string
  readonly lines: readonly string[]
}

const beforeFiles = (lines: readonly string[]): readonly string[] => {
  const first = lines.findIndex((line) => line.startsWith('file '))
  return lines.slice(2, first === -1 ? -1 : first)
}

function filesIn(lines: readonly string[]): readonly PrintedFile[] {
  const files: { name: string; lines: string[] }[] = []
  for (const line of lines) {
    const name = /^file (settings|previous|status)$/.exec(line)?.[1]
    if (name === undefined) files.at(-1)?.lines.push(line)
    else files.push({ name, lines: [] })
  }
  return files
}

/** Null unless every line is there, in its place and of its shape. A later version may have more of them. */
function parseStatus(lines: readonly string[]): GuardStatus | null {
  const [first = ''] = lines
  const isLater = Number(/^podkeeper-guard (\d{1,6})$/.exec(first)?.[1] ?? 0) > GUARD_VERSION
  const end = lines.indexOf('end')
  const known = lines.slice(0, end).filter((line) => !isLater || names.some((name) => isOf(line, name)))
  if (end === -1 || known.length !== names.length) return null
  const fields = new Map<string, string>()
  for (const [index, name] of names.entries()) {
    const line = known[index] ?? ''
    if (!isOf(line, name) || line.length > MAX_CHARS) return null
    fields.set(name, line.slice(name.length + 1))
  }
  const field = (name: (typeof names)[number]): string => fields.get(name) ?? ''
  const version = /^\d{1,6}$/.exec(field('podkeeper-guard'))
  const idle = /^(\d{1,12}) (\d{1,12})$/.exec(field('idle'))
  const seen = /^(rest|busy|unknown) (.+)$/.exec(field('seen'))
  const armed = /^([01]) (\d{3}|[a-z][a-z-]{0,20}|-)$/.exec(field('armed'))
  const due = /^(-|idle|deadline|asked) (?:-|-?\d{1,12}) (-|\d{1,12})$/.exec(field('due'))
  const stopping = /^(-|idle|deadline|asked) (-|\d{3}|[a-z][a-z-]{0,20}) (\d{1,6})$/.exec(field('stopping'))
  const hold = field('hold')
  const times = (['beat', 'deadline', 'keep', 'lease'] as const).map((name) => timeIn(field(name)))
  const [beatS, deadlineS, keptUntilS, leaseUntilS] = times
  if (version === null || idle === null || seen === null || armed === null || due === null) return null
  if (stopping === null || beatS == null || deadlineS == null || keptUntilS == null || leaseUntilS == null)
    return null
  if (hold !== '-' && !isHold(hold)) return null
  const run = field('run')
  if (!/^\S{1,80}$/.test(run)) return null
  const cause = causeIn(due[1])
  const stopCause = causeIn(stopping[1])
  return {
    version: Number(version[0]),
    run,
    beatS,
    idleS: Number(idle[1]),
    idleLimitS: Number(idle[2]),
    seen: seen[1] as GuardStatus['seen'],
    why: seen[2] === '-' ? null : plainText(seen[2] ?? '').slice(0, 60),
    isArmed: armed[1] === '1',
    answer: armed[2] ?? '-',
    hold: hold === '-' ? null : hold,
    cause,
    by: isComputerId(field('by')) ? field('by') : null,
    stopAtS: due[2] === '-' ? null : Number(due[2]),
    deadlineS: deadlineS === 0 ? null : deadlineS,
    keptUntilS: keptUntilS === 0 ? null : keptUntilS,
    leaseUntilS: leaseUntilS === 0 ? null : leaseUntilS,
    stopping:
      stopCause === null ? null : { cause: stopCause, answer: stopping[2] ?? '', count: Number(stopping[3]) },
  }
}

const isOf = (line: string, name: string): boolean => line.startsWith(`${name} `)

const names = [
  'podkeeper-guard',
  'run',
  'beat',
  'idle',
  'seen',
  'figures',
  'armed',
  'hold',
  'due',
  'by',
  'warned',
  'deadline',
  'keep',
  'lease',
  'stopping',
  'skipped',
] as const

const isHold = (text: string): text is GuardHold => (holds as readonly string[]).includes(text)

const timeIn = (text: string): number | null => (/^\d{1,12}$/.test(text) ? Number(text) : null)

const causeIn = (text: string | undefined): GuardCause | null =>
  text === 'idle' || text === 'deadline' || text === 'asked' ? text : null
