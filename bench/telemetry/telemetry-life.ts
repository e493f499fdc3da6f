import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/base/time/time'
import { createSeededRandom, hashNoise } from '../seeded-random'

/*
 * A pod, what it really does, and what the API reports of it. Nothing here knows the rules of Podkeeper: what must and must
 * not happen follows from what the pod does.
 */

export const LIFE_MS = 4 * HOUR_MS

export interface LifeSpan {
  readonly fromMs: number
  readonly toMs: number
}

export interface TelemetryLife {
  readonly seed: number
  /** When its container is up; until then `runtime` is null under RUNNING. */
  readonly upMs: number
  /** When it works; a minute at least. */
  readonly work: readonly LifeSpan[]
  /** Its figures change so often; 0: in each reply. */
  readonly everyS: number
  /** Figures in the list; the single pod has all that there are. */
  readonly isListBare: boolean
  readonly missing: 'nothing' | 'cpu' | 'memory' | 'cpu-and-memory' | 'gpus' | 'everything'
  /** In this share of replies `runtime` is null. */
  readonly nullShare: number
  /** A replica repeats its last figures. */
  readonly frozen: readonly LifeSpan[]
  /** Its machine does not answer, for less than ten minutes: neither figures nor ports. */
  readonly silences: readonly LifeSpan[]
  /** When its container dies, and what the API shows from then on; null: it lives. */
  readonly death: { readonly atMs: number; readonly shows: 'nothing' | 'negative-uptime' } | null
  /** Whether a look from inside is possible. */
  readonly canLook: boolean
}

export function writeTelemetryLife(seed: number): TelemetryLife {
  const random = createSeededRandom(seed)
  // From a place of its own, so that what else happens in a life stays as it is.
  const fate = createSeededRandom(seed + 1_000_000)
  const upMs = random.bool(0.5) ? random.between(20, 90) * SECOND_MS : random.between(2, 25) * MINUTE_MS
  const work: LifeSpan[] = []
  let atMs = upMs + random.between(0, 15) * MINUTE_MS
  for (let count = random.integer(0, 2); count > 0; count -= 1) {
    const toMs = atMs + random.between(10, 40) * MINUTE_MS
    work.push({ fromMs: atMs, toMs })
    atMs = toMs + random.between(2, 45) * MINUTE_MS
  }
  const frozen: LifeSpan[] = []
  if (random.bool(0.3)) {
    const fromMs = random.between(0.2, 0.7) * LIFE_MS
    frozen.push({ fromMs, toMs: fromMs + random.between(1, 40) * MINUTE_MS })
  }
  const death = fate.bool(0.2)
    ? {
        atMs: upMs + fate.between(5, 60) * MINUTE_MS,
        shows: fate.pick(['nothing', 'negative-uptime'] as const),
      }
    : null
  const endMs = death?.atMs ?? LIFE_MS
  const silentMs = upMs + fate.between(3, 90) * MINUTE_MS
  const silences = fate.bool(0.3)
    ? [{ fromMs: silentMs, toMs: silentMs + fate.between(1, 8) * MINUTE_MS }]
    : []
  return {
    seed,
    upMs,
    work: work
      .filter(({ fromMs }) => fromMs < endMs)
      .map(({ fromMs, toMs }) => ({ fromMs, toMs: Math.min(toMs, endMs) })),
    everyS: random.pick([0, 0, 20, 30, 45, 60, 90, 90, 120, 180, 300, 600]),
    isListBare: random.bool(0.3),
    missing: random.pick([
      'nothing',
      'nothing',
      'nothing',
      'cpu',
      'memory',
      'cpu-and-memory',
      'gpus',
      'everything',
    ]),
    nullShare: random.pick([0, 0.01, 0.05]),
    frozen,
    canLook: random.bool(0.6),
    silences,
    death,
  }
}

const worksAt = ({ work }: TelemetryLife, atMs: number): boolean => worksWithin(work, atMs, atMs)

export const worksWithin = (work: readonly LifeSpan[], fromMs: number, toMs: number): boolean =>
  work.some((span) => span.fromMs <= toMs && span.toMs > fromMs)

export const isDeadAt = ({ death }: TelemetryLife, atMs: number): boolean =>
  death !== null && atMs >= death.atMs

/** The moment whose figures a reply at `atMs` has. */
function figuresOf({ everyS, frozen, seed, upMs }: TelemetryLife, atMs: number): number {
  const freeze = frozen.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)
  const liveMs = freeze?.fromMs ?? atMs
  if (everyS === 0) return liveMs
  const everyMs = everyS * SECOND_MS
  const phaseMs = hashNoise(seed, 1) * everyMs
  return Math.max(upMs, Math.floor((liveMs - phaseMs) / everyMs) * everyMs + phaseMs)
}

const WIRE = {
  id: 'pod-1',
  name: 'trainer',
  status: 'RUNNING',
  actions: ['stop', 'restart', 'terminate'],
  gpu: { id: 'NVIDIA A100', count: 1, vcpuCount: 4 },
  disk: 40,
  mounts: { persistent: { size: 100, path: '/workspace' } },
  cost: 2,
  locked: false,
  env: {},
}

/** REST v2's pod, as the list or a single read has it. `lookup`: the number of the reply. */
export function wirePod(
  life: TelemetryLife,
  atMs: number,
  lookup: number,
  how: 'listed' | 'single',
  startedAt: string,
): unknown {
  const isSilent = life.silences.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)
  const isUp = atMs >= life.upMs && !isDeadAt(life, atMs) && !isSilent
  const address = { host: '203.0.113.7', port: 11_452, username: 'root' }
  return {
    ...WIRE,
    createdAt: startedAt,
    startedAt,
    ssh: { proxy: null, direct: isUp ? address : null },
    runtime:
      atMs < life.upMs || isSilent || hashNoise(life.seed + 7, lookup) < life.nullShare
        ? null
        : runtimeOf(life, atMs, how),
  }
}

function runtimeOf(life: TelemetryLife, atMs: number, how: 'listed' | 'single'): unknown {
  if (life.missing === 'everything') return null
  const readMs = figuresOf(life, atMs)
  if (isDeadAt(life, readMs))
    return life.death?.shows === 'nothing'
      ? null
      : { uptime: -1 - Math.floor(hashNoise(life.seed + 3, Math.floor(readMs / SECOND_MS)) * 17), ports: [] }
  const isBusy = worksAt(life, readMs)
  const told = {
    uptime: Math.floor((readMs - life.upMs) / SECOND_MS),
    ports: [{ private: 22, public: 11_452, type: 'tcp', ip: '203.0.113.7' }],
  }
  if (how === 'listed' && life.isListBare) return told
  return {
    ...told,
    ...(life.missing !== 'gpus' && { gpus: [{ util: isBusy ? 80 : 0, memoryUtil: isBusy ? 60 : 40 }] }),
    ...(!life.missing.startsWith('cpu') && { cpu: { util: isBusy ? 40 : 1 } }),
    ...(!life.missing.endsWith('memory') && { memory: { util: isBusy ? 50 : 20 } }),
  }
}
