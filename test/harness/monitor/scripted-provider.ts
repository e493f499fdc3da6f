import { type Pod, powerActions } from '../../../src/core/pods/pod'
import type {
  Balance,
  PodList,
  Provider,
  ProviderError,
  ProviderErrorKind,
} from '../../../src/core/pods/provider'
import { fail, ok, type Result } from '../../../src/core/base/result'

type ScriptedAnswer<T> = Result<T, ProviderError> | Promise<Result<T, ProviderError>>

/**
 * An in-memory provider. It lists `pods` unless scripted replies are queued, which are used first, one per
 * call.
 */
export interface ScriptedProvider extends Provider {
  pods: readonly Pod[]
  isComplete: boolean
  pollIntervalMs: number
  /** The calls in order: "list", "get pod-1", "stop pod-1", "balance", "abort". */
  readonly calls: string[]
  readonly script: {
    readonly lists: (() => ScriptedAnswer<PodList>)[]
    readonly gets: (() => ScriptedAnswer<Pod>)[]
    readonly actions: (() => ScriptedAnswer<Pod | null>)[]
    readonly balances: (() => ScriptedAnswer<Balance>)[]
  }
}

export function createScriptedProvider(pods: readonly Pod[]): ScriptedProvider {
  const calls: string[] = []
  const script: ScriptedProvider['script'] = { lists: [], gets: [], actions: [], balances: [] }
  const provider: ScriptedProvider = {
    pods,
    isComplete: true,
    pollIntervalMs: 0,
    calls,
    script,
    async listPods() {
      calls.push('list')
      const next = script.lists.shift()
      return next ? await next() : ok({ pods: provider.pods, isComplete: provider.isComplete })
    },
    async getPod(id) {
      calls.push(`get ${id}`)
      const next = script.gets.shift()
      if (next) return await next()
      const found = provider.pods.find((one) => one.id === id)
      return found ? ok(found) : failure('not-found')
    },
    async act(id, action) {
      if (!powerActions.includes(action)) throw new Error(`${String(action)} is no power action`)
      calls.push(`${action} ${id}`)
      return (await script.actions.shift()?.()) ?? ok(null)
    },
    async terminatePod(id) {
      calls.push(`terminate ${id}`)
      return (await script.actions.shift()?.()) ?? ok(null)
    },
    minPollIntervalMs: () => provider.pollIntervalMs,
    abortReads() {
      calls.push('abort')
    },
  }
  return provider
}

export function providerError(
  kind: ProviderErrorKind,
  overrides: Partial<ProviderError> = {},
): ProviderError {
  return {
    kind,
    message: `It said ${kind}.`,
    status: null,
    retryAfterMs: null,
    requestId: null,
    ...overrides,
  }
}

export function failure(kind: ProviderErrorKind, overrides: Partial<ProviderError> = {}) {
  return fail(providerError(kind, overrides))
}

/** A promise that the test resolves. */
export function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
