import { createSeededRandom, type SeededRandom } from '../seeded-random'

/** What a process, a person or a device does, so that the pod is not idle. */
export type Work = 'gpu' | 'cpu' | 'disk' | 'network' | 'job' | 'input' | 'memory' | 'gpu-memory' | 'hidden'
/** What can't be read for a while. */
export type Blindness =
  | 'gpu-fails'
  | 'gpu-hangs'
  | 'gpu-garbage'
  | 'gpu-missing-one'
  | 'terminals'
  | 'network'
  | 'process'
export type ApiFault = 401 | 403 | 404 | 429 | 500 | 503 | 302 | 'garbage' | 'drop' | 'locked' | 'not-running'

/** Seconds since the pod started, `fromS` ≤ t < `toS`. */
export interface Span<T> {
  readonly fromS: number
  readonly toS: number
  readonly kind: T
}

/** A day of a pod by a seed: what happens in it, in true time. Nothing here knows of the guard. */
export interface PodDay {
  readonly seed: number
  readonly lengthS: number
  /** Between two readings. */
  readonly stepS: number
  readonly idleLimitS: number
  /** From the start of the guard; 0: none. */
  readonly maxS: number
  readonly gpus: number
  readonly hasConsent: boolean
  /** Sessions that are open all day, such as one of a computer that sleeps. */
  readonly terminals: number
  readonly program: 'curl' | 'python3' | 'wget'
  readonly work: readonly Span<Work>[]
  readonly blind: readonly Span<Blindness>[]
  readonly api: readonly Span<ApiFault>[]
  /** `keep`: a person keeps it running; `lease`: a Podkeeper is there. */
  readonly held: readonly Span<'keep' | 'lease'>[]
  /**
   * Terminals that are opened and closed: by a person, or by a look of a Podkeeper, which then names it. `weak-look`: of
   * one that could not stop the pod, so it takes no lease.
   */
  readonly sessions: readonly Span<'person' | 'look' | 'weak-look'>[]
  /** What is written while the pod is asked right before a stop; null: nothing. */
  readonly meanwhile: 'lease' | 'keep' | 'deadline' | 'report' | 'garbage' | 'unasked' | null
  /** A person asks for the stop, so long. */
  readonly asks: readonly { readonly atS: number; readonly forS: number }[]
  /** The guard is killed and started again. */
  readonly gaps: readonly Span<'killed'>[]
  readonly fullDisk: readonly Span<'full'>[]
  /** A deadline that is set at a moment, for a moment. */
  readonly extensions: readonly { readonly atS: number; readonly untilS: number }[]
  readonly wallJumps: readonly { readonly atS: number; readonly byS: number }[]
  /** The clock since the start of the machine leaps forward, as behind a file system that is replaced. */
  readonly uptimeJumps: readonly { readonly atS: number; readonly byS: number }[]
  /** What an earlier run of the container left: a hold, with so much left at the last beat of the guard. Null: nothing. */
  readonly earlierHold: { readonly forS: number; readonly leftS: number; readonly isSameBoot: boolean } | null
  /** Another computer that looks after the pod, too; null: there is none. */
  readonly other: OtherComputer | null
  /** Another guard takes the place of the one that runs. Null: none does. */
  readonly upgrade: { readonly atS: number } | null
  /** A person uses the pod through a Podkeeper, which tells the guard within five minutes, and nothing here shows it. */
  readonly remoteUse: readonly Span<'use'>[]
}

/** What another computer set. Its deadline is in seconds from the start; 0: none. */
export interface OtherComputer {
  readonly idleLimitS: number
  readonly deadlineS: number
  readonly hasConsent: boolean
  readonly held: readonly Span<'keep' | 'lease'>[]
}

const HOUR_S = 3_600
export const works: readonly [Work, ...Work[]] = [
  'gpu',
  'cpu',
  'disk',
  'network',
  'job',
  'input',
  'memory',
  'gpu-memory',
  'hidden',
]
const blindnesses: readonly [Blindness, ...Blindness[]] = [
  'gpu-fails',
  'gpu-hangs',
  'gpu-garbage',
  'gpu-missing-one',
  'terminals',
  'network',
  'process',
]
const faults: readonly [ApiFault, ...ApiFault[]] = [
  401,
  403,
  404,
  429,
  500,
  503,
  302,
  'garbage',
  'drop',
  'locked',
  'not-running',
]

/** A pod without terminals and with two GPUs in which nothing happens, until the first stop must have been. */
export const quietDay = (more: Partial<PodDay>): PodDay => ({
  seed: 1,
  lengthS: 2_280,
  stepS: 60,
  idleLimitS: 600,
  maxS: 0,
  gpus: 2,
  hasConsent: true,
  terminals: 0,
  program: 'curl',
  work: [],
  blind: [],
  api: [],
  held: [],
  sessions: [],
  meanwhile: null,
  asks: [],
  gaps: [],
  fullDisk: [],
  extensions: [],
  wallJumps: [],
  uptimeJumps: [],
  earlierHold: null,
  other: null,
  upgrade: null,
  remoteUse: [],
  ...more,
})

/** `hours`: how long it may be at most. */
export function drawPodDay(seed: number, hours: number): PodDay {
  const random = createSeededRandom(seed)
  const lengthS = hours * HOUR_S
  const idleLimitS = random.bool(0.85) ? Math.round(random.between(1, Math.min(6, hours / 4)) * HOUR_S) : 0
  const gpus = random.pick([0, 1, 1, 1, 2, 4])
  const terminals = random.pick([0, 1, 1, 2])
  const work = drawWork(random, lengthS, gpus, terminals)
  const maxS = random.bool(0.3) ? Math.round(random.between(0.5, hours) * HOUR_S) : 0
  const extensions = random.bool(0.2) ? [drawExtension(random, lengthS)] : []
  return quietDay({
    seed,
    lengthS,
    idleLimitS,
    maxS,
    gpus,
    hasConsent: random.bool(0.9),
    terminals,
    program: random.pick(['curl', 'curl', 'curl', 'curl', 'python3', 'wget']),
    work,
    blind: random.bool(0.3)
      ? drawSpans(
          random,
          lengthS,
          gpus === 0 ? ['terminals', 'network', 'process'] : blindnesses,
          60,
          2 * HOUR_S,
        )
      : [],
    api: random.bool(0.3) ? drawSpans(random, lengthS, faults, 120, 4 * HOUR_S) : [],
    held: random.bool(0.3) ? drawSpans(random, lengthS, ['keep', 'lease'], 60, 4 * HOUR_S) : [],
    gaps: random.bool(0.2) ? drawSpans(random, lengthS, ['killed'], 60, HOUR_S) : [],
    fullDisk: random.bool(0.1) ? drawSpans(random, lengthS, ['full'], HOUR_S, 8 * HOUR_S) : [],
    extensions,
    wallJumps: random.bool(0.2) ? [drawJump(random, lengthS, -400 * 86_400, 400 * 86_400)] : [],
    uptimeJumps: random.bool(0.1) ? [drawJump(random, lengthS, 400, 30 * 86_400)] : [],
    other: random.bool(0.4) ? drawOther(random, lengthS) : null,
  })
}

const drawOther = (random: SeededRandom, lengthS: number): OtherComputer => ({
  idleLimitS: random.bool(0.7) ? Math.round(random.between(0.1, 0.4) * lengthS) : 0,
  deadlineS: random.bool(0.3) ? Math.round(random.between(0.1, 1) * lengthS) : 0,
  hasConsent: random.bool(0.8),
  held: random.bool(0.4) ? drawSpans(random, lengthS, ['keep', 'lease'], 60, 2 * HOUR_S) : [],
})

/** Stretches of work and of rest. Some pods always work, with rests shorter than any limit. */
function drawWork(
  random: SeededRandom,
  lengthS: number,
  gpus: number,
  terminals: number,
): readonly Span<Work>[] {
  const kinds = works.filter(
    (kind) => (gpus > 0 || !kind.startsWith('gpu')) && (terminals > 0 || kind !== 'input'),
  )
  const isBusy = random.bool(0.35)
  const spans: Span<Work>[] = []
  for (let fromS = random.between(0, HOUR_S); fromS < lengthS;) {
    const restS = isBusy ? random.between(0, 0.7 * HOUR_S) : random.between(0, 1) ** 2 * lengthS
    const toS = fromS + random.between(240, 2 * HOUR_S)
    spans.push({ fromS, toS, kind: random.pick(kinds as [Work, ...Work[]]) })
    fromS = toS + restS
  }
  return spans
}

function drawSpans<T>(
  random: SeededRandom,
  lengthS: number,
  kinds: readonly [T, ...T[]],
  leastS: number,
  mostS: number,
): readonly Span<T>[] {
  return Array.from({ length: random.integer(1, 4) }, () => {
    const fromS = random.between(0, lengthS)
    return { fromS, toS: fromS + leastS + (mostS - leastS) * random.next() ** 2, kind: random.pick(kinds) }
  })
}

function drawExtension(random: SeededRandom, lengthS: number): { atS: number; untilS: number } {
  const atS = random.between(0, lengthS)
  return { atS, untilS: atS + random.between(0.2, 10) * HOUR_S }
}

const drawJump = (random: SeededRandom, lengthS: number, least: number, most: number) => ({
  atS: random.between(0, lengthS),
  byS: Math.round(random.between(least, most)),
})
