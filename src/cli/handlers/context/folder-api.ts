import { SECOND_MS } from '../../../core/base/time/time'
import { listAccounts } from '../../account/account-list'
import type { CliAccount } from '../../account/account'
import type { CliContext } from './cli-context'
import { CliExit, exitCodes, NoKeyExit } from '../../output/exit'
import type { Commands, GlobalOptions, LogFormat } from '../../program/command-types'
import { createApiAccess } from '../../../node/pods-api/accounts/api-access'
import { createHolder } from '../../../node/pods-api/accounts/holder'
import type { AccountsApi } from '../../../node/pods-api/accounts/serve-accounts'
import { type ServedAccount, slugOf } from '../../../node/pods-api/accounts/served-account'
import { accountListText } from '../../account/account-text'

/** As the command line opens it. */
export interface FolderApi extends AccountsApi {
  /** A watch of this process ended: it was asked to, or all keys are refused. */
  onEnded(listener: (exitCode: number) => void): void
}

/** A watch that ended is not started again at once. */
const RESTART_MS = 30 * SECOND_MS

/**
 * Where no other program watches the folder, this process does, like `podkeeper watch`, and prints its lines with
 * `writeLine`. Throws a `CliExit` where there is no account.
 */
export async function openFolderApi(
  context: CliContext,
  options: GlobalOptions & { readonly log?: LogFormat },
  watch: Commands['watch'],
  writeLine: (line: string) => void,
): Promise<FolderApi> {
  const { clock, output } = context
  const accounts = await servedAccounts(context, options)
  const listeners: ((exitCode: number) => void)[] = []
  let watching: Promise<void> | null = null
  const ending = new AbortController()
  let startedAtMs = Number.NEGATIVE_INFINITY

  function startWatch(): void {
    if (ending.signal.aborted || watching !== null || clock.now().monotonicMs - startedAtMs < RESTART_MS)
      return
    startedAtMs = clock.now().monotonicMs
    watching = watch({ log: 'text', ...options, writeLine, ending: ending.signal })
      .catch((cause: unknown) => {
        output.progress(cause instanceof CliExit ? cause.message : String(cause))
        return cause instanceof CliExit ? cause.exitCode : exitCodes.failed
      })
      .then((exitCode) => {
        watching = null
        for (const listener of listeners) listener(exitCode)
      })
  }

  const holder = createHolder({ folder: context.dataFolderOf(options), clock, onNobody: startWatch })
  return {
    holder,
    accounts: () => accounts,
    access: createApiAccess({
      folder: context.dataFolderOf(options),
      holder,
      accounts: () => accounts,
      nowMs: () => clock.now().wallMs,
    }),
    onEnded: (listener) => void listeners.push(listener),
    async close() {
      holder.close()
      ending.abort()
      await watching
    },
  }
}

async function servedAccounts(
  context: CliContext,
  options: GlobalOptions,
): Promise<readonly ServedAccount[]> {
  const config = context.readFolderConfig(options)
  const opened = await context.openAccounts(options, config).catch((cause: unknown) => {
    // The app may have the keys, so that its accounts are served through it.
    if (cause instanceof NoKeyExit) return { accounts: [] as CliAccount[], known: listAccounts(config, []) }
    throw cause
  })
  if (opened.known.length === 0) throw new NoKeyExit(accountListText.noAccounts)
  const slugs: string[] = []
  return opened.known
    .filter(({ isPaused }) => !isPaused)
    .map(({ id, name, slug: labSlug, key }): ServedAccount => {
      const slug = slugOf(labSlug ?? name, slugs)
      slugs.push(slug)
      const record = config.appAccounts.find((account) => account.id === id)
      return {
        id,
        name,
        slug,
        hubifyLabId: (key?.lab ?? record?.lab)?.id ?? null,
        provider: opened.accounts.find(({ view }) => view.id === id)?.provider ?? null,
      }
    })
}
