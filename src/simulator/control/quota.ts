/** Requests that one key may send per window. */
export interface Quotas {
  readonly minute: number
  readonly hour: number
  readonly day: number
}

export const generousQuotas: Quotas = { minute: 600, hour: 12_000, day: 100_000 }

const windowsS = { minute: 60, hour: 3_600, day: 86_400 } as const
type WindowName = keyof typeof windowsS
const windowNames = Object.keys(windowsS) as WindowName[]

interface Counted {
  readonly name: WindowName
  readonly startMs: number
  readonly used: number
}

export interface QuotaVerdict {
  readonly headers: Readonly<Record<string, string>>
  /** The first window that is used up, if any; then the request was not counted. */
  readonly refusedBy: WindowName | null
  readonly retryAfterS: number
}

/** Counts requests per key, in windows that begin with the key's first request in them. */
export class Quota {
  readonly #quotas: Quotas
  readonly #counted = new Map<string, readonly Counted[]>()

  constructor(quotas: Quotas) {
    this.#quotas = quotas
  }

  /** Takes one request at `nowMs`, Unix ms. */
  take(key: string, nowMs: number): QuotaVerdict {
    const before = this.#counted.get(key) ?? []
    const windows = windowNames.map((name): Counted => {
      const last = before.find((each) => each.name === name)
      const isOver = last === undefined || nowMs >= last.startMs + windowsS[name] * 1_000
      return isOver ? { name, startMs: nowMs, used: 0 } : last
    })
    const full = windows.find((each) => each.used >= this.#quotas[each.name])
    const after = full ? windows : windows.map((each) => ({ ...each, used: each.used + 1 }))
    this.#counted.set(key, after)
    const resetS = (each: Counted) => Math.ceil((each.startMs + windowsS[each.name] * 1_000 - nowMs) / 1_000)
    const state = after.map((w) => `"${w.name}";r=${this.#quotas[w.name] - w.used};t=${resetS(w)}`)
    const policy = windowNames.map((name) => `"${name}";q=${this.#quotas[name]};w=${windowsS[name]}`)
    return {
      headers: { RateLimit: state.join(', '), 'RateLimit-Policy': policy.join(', ') },
      refusedBy: full?.name ?? null,
      retryAfterS: full === undefined ? 0 : resetS(full),
    }
  }
}
