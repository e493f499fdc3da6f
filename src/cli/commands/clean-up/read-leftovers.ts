import type { CleanUpPart, CleanUpView, ForeignKey } from '../../../core/clean-up/clean-up-view'
import { leftoverCosts } from '../../../core/clean-up/leftover-costs'
import { cleanUpText } from '../../../core/clean-up/clean-up-text'
import { readAccessLeftovers } from '../../../core/clean-up/read-access'
import { createLedger } from '../../../core/money/ledger/ledger'
import type { LedgerFiles } from '../../../core/money/ledger/ledger-files'
import type { VolumeList } from '../../../core/money/volume-poller'
import type { Provider } from '../../../core/pods/provider'
import { readExit } from '../read-exit'

export interface ReadLeftoversOptions {
  readonly provider: Provider
  /** What the app or a watch observed, which says since when pods are stopped. */
  readonly files: LedgerFiles
  readonly nowMs: number
  readonly foreignKeys: (registered: readonly string[]) => Promise<CleanUpPart<ForeignKey>>
}

/** Reads what one account may have left over. Throws a `CliExit` when not even its pods can be read. */
export async function readLeftovers(options: ReadLeftoversOptions): Promise<CleanUpView> {
  const { provider, files, nowMs: atMs } = options
  const [list, volumes, access] = await Promise.all([
    provider.listPods(),
    provider.listNetworkVolumes?.(),
    readAccessLeftovers(provider, options.foreignKeys),
  ])
  if (!list.ok) throw readExit(list.error)
  const { pods, isComplete } = list.value
  const volumeList: VolumeList | null =
    volumes === undefined
      ? null
      : volumes.ok
        ? { volumes: volumes.value, readAtMs: atMs, problem: null }
        : { volumes: [], readAtMs: null, problem: volumes.error.message }
  return {
    atMs,
    ...leftoverCosts({
      nowMs: atMs,
      pods,
      ownPods: pods,
      podsProblem: isComplete ? null : cleanUpText.podsUnknown,
      volumes: volumeList,
      observations: createLedger(files).lastObservations(),
    }),
    ...access,
  }
}

/** Whether all of it could be read. */
export const isWhole = ({ volumes, pods, templates, keys }: CleanUpView): boolean =>
  [volumes, pods, templates, keys].every(
    (part) => part === undefined || (part.kind === 'read' && part.gap === null),
  )
