/** Requests that one key may send per window of Runpod. */
export interface QuotaLimits {
  readonly minute: number
  readonly hour: number
  readonly day: number
}

export const defaultQuotas: QuotaLimits = { minute: 600, hour: 12_000, day: 100_000 }

const windowsS = { minute: 60, hour: 3_600, day: 86_400 } as const
type WindowName = keyof typeof windowsS
const windowNames = Object.keys(windowsS) as WindowName[]

/** One window of a key after a request. */
export interface SimulatedQuotaWindow {
  readonly name: WindowName
  readonly limit: number
  readonly remaining: number
  /** Unix ms. */
  readonly resetsAtMs: number
}

export interface QuotaVerdict {
  readonly windows: readonly SimulatedQuotaWindow[]
  /** The first window that is exhausted, if any; the request was then not counted. */
  readonly refusedBy: WindowName | null
  readonly retryAfterS: number
}

/** Counts requests per key, in windows that start with the key's first request. */
export class RequestQuota {
  readonly #limits: Readonly<Partial<Record<WindowName, number>>>
  readonly #windows = new Map<string, readonly SimulatedQuotaWindow[]>()

  constructor(limits: Readonly<Partial<Record<WindowName, number>>>) {
    this.#limits = limits
  }

  /** Counts one request at `nowMs`, Unix ms. */
  consume(key: string, nowMs: number): QuotaVerdict {
    const before = this.#windows.get(key) ?? []
    const current = windowNames.flatMap((name): readonly SimulatedQuotaWindow[] => {
      const limit = this.#limits[name]
      if (limit === undefined) return []
      const last = before.find((each) => each.name === name)
      if (last !== undefined && nowMs < last.resetsAtMs) return [last]
      return [{ name, limit, remaining: limit, resetsAtMs: nowMs + windowsS[name] * 1_000 }]
    })
    const exhausted = current.find(({ remaining }) => remaining === 0)
    const windows = exhausted ? current : current.map((each) => ({ ...each, remaining: each.remaining - 1 }))
    this.#windows.set(key, windows)
    return {
      windows,
      refusedBy: exhausted?.name ?? null,
      retryAfterS: exhausted === undefined ? 0 : secondsUntil(exhausted.resetsAtMs, nowMs),
    }
  }
}

/** The headers of Runpod, which name all windows. */
export function rateLimitHeaders(
  windows: readonly SimulatedQuotaWindow[],
  nowMs: number,
): Readonly<Record<string, string>> {
  const state = windows.map(
    ({ name, remaining, resetsAtMs }) => `"${name}";r=${remaining};t=${secondsUntil(resetsAtMs, nowMs)}`,
  )
  const policy = windows.map(({ name, limit }) => `"${name}";q=${limit};w=${windowsS[name]}`)
  return { RateLimit: state.join(', '), 'RateLimit-Policy': policy.join(', ') }
}

const secondsUntil = (atMs: number, nowMs: number): number => Math.ceil((atMs - nowMs) / 1_000)
