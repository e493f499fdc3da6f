/** Requests that one key may send per window. */
export interface QuotaLimits {
  readonly minute: number
  readonly hour: number
  readonly day: number
}

export const defaultQuotas: QuotaLimits = { minute: 600, hour: 12_000, day: 100_000 }

const windowsS = { minute: 60, hour: 3_600, day: 86_400 } as const
type WindowName = keyof typeof windowsS
const windowNames = Object.keys(windowsS) as WindowName[]

interface WindowUsage {
  readonly name: WindowName
  readonly startMs: number
  readonly used: number
}

export interface QuotaVerdict {
  readonly headers: Readonly<Record<string, string>>
  /** The first window that is exhausted, if any; the request was then not counted. */
  readonly refusedBy: WindowName | null
  readonly retryAfterS: number
}

/** Counts requests per key, in windows that start with the key's first request. */
export class RequestQuota {
  readonly #quotas: QuotaLimits
  readonly #usage = new Map<string, readonly WindowUsage[]>()

  constructor(quotas: QuotaLimits) {
    this.#quotas = quotas
  }

  /** Counts one request at `nowMs`, Unix ms. */
  consume(key: string, nowMs: number): QuotaVerdict {
    const before = this.#usage.get(key) ?? []
    const windows = windowNames.map((name): WindowUsage => {
      const last = before.find((each) => each.name === name)
      const hasElapsed = last === undefined || nowMs >= last.startMs + windowsS[name] * 1_000
      return hasElapsed ? { name, startMs: nowMs, used: 0 } : last
    })
    const exhausted = windows.find((each) => each.used >= this.#quotas[each.name])
    const after = exhausted ? windows : windows.map((each) => ({ ...each, used: each.used + 1 }))
    this.#usage.set(key, after)
    const resetS = (each: WindowUsage) =>
      Math.ceil((each.startMs + windowsS[each.name] * 1_000 - nowMs) / 1_000)
    const state = after.map((w) => `"${w.name}";r=${this.#quotas[w.name] - w.used};t=${resetS(w)}`)
    const policy = windowNames.map((name) => `"${name}";q=${this.#quotas[name]};w=${windowsS[name]}`)
    return {
      headers: { RateLimit: state.join(', '), 'RateLimit-Policy': policy.join(', ') },
      refusedBy: exhausted?.name ?? null,
      retryAfterS: exhausted === undefined ? 0 : resetS(exhausted),
    }
  }
}
