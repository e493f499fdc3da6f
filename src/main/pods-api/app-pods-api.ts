import { errorText } from '../../core/base/text/error-text'
import { SECOND_MS } from '../../core/base/time/time'
import type { ApiToken } from '../../core/pods-api/api-token'
import { apiPortOf } from '../../core/settings/definitions/api-settings'
import { errorCode } from '../../node/data-folder/files/error-code'
import { writeProblem } from '../../node/data-folder/format/folder-format'
import type { ServedAccounts } from '../../node/pods-api/accounts/serve-accounts'
import { openApiTokensFile } from '../../node/pods-api/api-tokens-file'
import { takeServeLock } from '../../node/pods-api/serve-lock'
import { readTokenUses } from '../../node/pods-api/token-uses-file'
import type { ApiTokenView, PodsApiView, ServeState } from '../../shared/requests/pods-api-requests'
import type { AppStore } from '../settings/app-store'
import type { ServeAppAccountsOptions } from './app-accounts'

export interface AppPodsApiOptions extends Pick<
  ServeAppAccountsOptions,
  'clock' | 'version' | 'provider' | 'report'
> {
  readonly userData: string
  readonly store: Pick<AppStore, 'settings' | 'onSettings'> & ServeAppAccountsOptions['store']
  readonly onChange: (view: PodsApiView) => void
  readonly retryMs?: number
}

/** The Pods API that the app serves while a person wants it. */
export interface AppPodsApi {
  /** Serves from now on where the settings say so, and follows them. */
  start(): void
  view(): PodsApiView
  /** Publishes the view after a change of the tokens. */
  publish(): void
  /** Connections end at once. */
  close(): Promise<void>
}

/** How often a port or folder that another program has is tried again. */
const RETRY_MS = 5 * SECOND_MS

type Started = { readonly served: ServedAccounts } | { readonly failure: ServeState }

export function createAppPodsApi(options: AppPodsApiOptions): AppPodsApi {
  const { userData, clock, store, onChange, report, retryMs = RETRY_MS } = options
  const tokens = openApiTokensFile(userData)
  let state: ServeState = { kind: 'off' }
  let current: { readonly port: number; readonly served: ServedAccounts } | null = null
  let isClosed = false
  let retry: NodeJS.Timeout | undefined
  /** Steps are taken one after the other. */
  let following = Promise.resolve()

  function show(next: ServeState): void {
    const isSame = JSON.stringify(next) === JSON.stringify(state)
    state = next
    if (!isSame) onChange(view())
  }

  /** Null: it is not to be served. */
  function wantedPort(): number | null {
    const { isPodsApiServed, podsApiPort } = store.settings()
    return isClosed || !isPodsApiServed ? null : apiPortOf(podsApiPort)
  }

  async function serve(port: number): Promise<Started> {
    const problem = writeProblem(userData)
    if (problem !== null) return { failure: { kind: 'failed', message: problem } }
    const lock = await takeServeLock(userData, 'app')
    if (!lock.ok)
      return {
        failure:
          lock.error.kind === 'unusable'
            ? { kind: 'failed', message: lock.error.message }
            : { kind: 'other-program', pid: lock.error.holder?.pid ?? null },
      }
    try {
      // Most people never serve it.
      const { serveAppAccounts } = await import('./app-accounts')
      const { version, provider } = options
      const served = await serveAppAccounts({
        folder: userData,
        port,
        clock,
        version,
        store,
        provider,
        report,
      })
      const close = async (): Promise<void> => {
        await served.close()
        lock.value()
      }
      return { served: { ...served, close } }
    } catch (cause) {
      lock.value()
      const isTaken = errorCode(cause) === 'EADDRINUSE'
      return {
        failure: isTaken ? { kind: 'port-in-use', port } : { kind: 'failed', message: errorText(cause) },
      }
    }
  }

  async function followSettings(): Promise<void> {
    clearTimeout(retry)
    const port = wantedPort()
    if (current !== null && current.port !== port) {
      const { served } = current
      current = null
      await served.close()
    }
    if (port === null) return show({ kind: 'off' })
    if (current !== null) return
    if (state.kind === 'off' || state.kind === 'serving') show({ kind: 'starting' })
    const started = await serve(port)
    if ('served' in started) {
      current = { port, served: started.served }
      // It may have been turned off meanwhile.
      if (wantedPort() !== port) return followSettings()
      return show({ kind: 'serving', port })
    }
    show(started.failure)
    if (!isClosed) retry = setTimeout(follow, retryMs)
  }

  function follow(): void {
    following = following.then(followSettings).catch((cause: unknown) => {
      report('The Pods API could not follow its settings', cause)
      show({ kind: 'failed', message: errorText(cause) })
    })
  }

  function view(): PodsApiView {
    const listed = tokens.list()
    const lastUses = current?.served.lastUses() ?? readTokenUses(userData)
    return {
      state,
      tokens: (listed.ok ? listed.value : []).map((token) => toView(token, lastUses.get(token.id) ?? null)),
      problem: listed.ok ? null : listed.error,
    }
  }

  return {
    start() {
      store.onSettings((settings, before) => {
        if (
          settings.isPodsApiServed !== before.isPodsApiServed ||
          settings.podsApiPort !== before.podsApiPort
        )
          follow()
      })
      follow()
    },
    view,
    publish: () => onChange(view()),
    close() {
      isClosed = true
      clearTimeout(retry)
      // At once: the process may end before anything is awaited.
      const closing = current?.served.close()
      current = null
      return Promise.all([closing, following]).then(() => undefined)
    },
  }
}

function toView(token: ApiToken, lastUsedAtMs: number | null): ApiTokenView {
  const { hash: _, earlier: __, ...shown } = token
  return { ...shown, lastUsedAtMs }
}
