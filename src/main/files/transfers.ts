import { randomUUID } from 'node:crypto'
import type { AccountPods } from '../../core/confirmation/confirmation-prompt'
import type { Clock } from '../../core/base/time/clock'
import { fail, ok, type Result } from '../../core/base/result'
import { MAX_RUNNING_TRANSFERS, MAX_TRANSFERS, type TransfersView } from '../../core/files/files-view'
import { type AccountId, parsePodKey, type PodKey } from '../../core/pods/pod'
import type { TerminalInputTracker } from '../../core/terminal/terminal-input'
import type { Snapshot } from '../../core/view/snapshot'
import { createThrottledPublisher } from '../terminals/throttled-publisher'
import { filesText } from './files-text'
import {
  createPodTransfer,
  type PodTransfer,
  type PodTransferOptions,
  type TransferSpec,
} from './pod-transfer'

export interface TransfersOptions extends Pick<PodTransferOptions, 'retryDelaysMs'> {
  readonly clock: Clock
  readonly open: (
    podKey: PodKey,
    ...rest: Parameters<PodTransferOptions['open']>
  ) => ReturnType<PodTransferOptions['open']>
  /** The pods as last observed; null unless that account is connected. */
  readonly accountPods: (accountId: AccountId) => AccountPods | null
  readonly input: Pick<TerminalInputTracker, 'recordInput'>
  readonly publish: (view: TransfersView) => void
}

/** The transfers of all pods, a few at a time. Errors are sentences. See docs/product-rules.md#133-files. */
export interface Transfers {
  view(): TransfersView
  add(spec: TransferSpec): Result<void, string>
  pause(id: string): Result<void, string>
  resume(id: string): Result<void, string>
  /** Cancels it first. */
  remove(id: string): void
  /** Names of the pods of those that aren't ended, one for each. */
  openPodNames(): readonly string[]
  /** Must be called with each snapshot. */
  onSnapshot(snapshot: Snapshot): void
  dispose(): void
}

const SAMPLE_MS = 500

export function createTransfers(options: TransfersOptions): Transfers {
  const { clock } = options
  /** The oldest first. */
  const transfers = new Map<string, PodTransfer>()
  const seenBytes = new Map<string, number>()
  const publisher = createThrottledPublisher(clock, (revision) => options.publish(viewAt(revision)))
  let cancelSample: (() => void) | null = null

  const all = (): readonly PodTransfer[] => [...transfers.values()]
  const viewAt = (revision: number): TransfersView => ({
    revision,
    transfers: all()
      .map((each) => each.view())
      .reverse(),
  })

  function startNext(): void {
    for (const each of all()) {
      if (all().filter((one) => one.isRunning()).length >= MAX_RUNNING_TRANSFERS) break
      if (each.isWaiting() && !each.isRunning()) each.start()
    }
    cancelSample ??= clock.schedule(SAMPLE_MS, sample)
  }

  /** What moves is use of the pod: docs/product-rules.md#22-busy. */
  function recordUse(): void {
    for (const [id, each] of transfers) {
      const bytes = each.bytesDone()
      if (bytes !== (seenBytes.get(id) ?? 0)) options.input.recordInput(each.podKey)
      seenBytes.set(id, bytes)
    }
  }

  function sample(): void {
    cancelSample = null
    recordUse()
    if (!all().some((each) => each.isRunning())) return
    publisher.requestPublish()
    cancelSample = clock.schedule(SAMPLE_MS, sample)
  }

  function onChange(): void {
    recordUse()
    publisher.requestPublish()
    startNext()
  }

  function forget(id: string): void {
    transfers.get(id)?.stop(null)
    transfers.delete(id)
    seenBytes.delete(id)
  }

  function with_(id: string, run: (transfer: PodTransfer) => void): Result<void, string> {
    const found = transfers.get(id)
    if (found === undefined) return fail(filesText.noTransfer)
    run(found)
    return ok(undefined)
  }

  return {
    view: () => viewAt(publisher.revision()),
    add(spec) {
      const [oldest] = [...transfers].filter(([, each]) => each.isDone())
      if (transfers.size >= MAX_TRANSFERS) {
        if (oldest === undefined) return fail(filesText.tooManyTransfers)
        forget(oldest[0])
      }
      const id = randomUUID()
      const added = createPodTransfer({
        id,
        spec,
        open: (...args) => options.open(spec.podKey, ...args),
        onChange,
        nowMs: () => clock.now().monotonicMs,
        retryDelaysMs: options.retryDelaysMs,
      })
      transfers.set(id, added)
      onChange()
      return ok(undefined)
    },
    pause: (id) => with_(id, (each) => each.stop(null)),
    resume: (id) =>
      with_(id, (each) => {
        each.wait()
        startNext()
      }),
    remove(id) {
      forget(id)
      onChange()
    },
    openPodNames: () =>
      all()
        .filter((each) => each.isRunning() || each.isWaiting())
        .map((each) => each.view().podName),
    onSnapshot(snapshot) {
      for (const each of all()) {
        if (!each.isRunning() && !each.isWaiting()) continue
        const { accountId, podId } = parsePodKey(each.podKey)
        const pods = options.accountPods(accountId)
        if (pods === null) {
          each.stop(filesText.accountGone)
          continue
        }
        // Before the first list no pod is known to be gone.
        const part = snapshot.accounts.find(({ entry }) => entry.id === accountId)
        if (part === undefined || part.listedAtMs === null) continue
        const pod = pods.pods.find(({ id }) => id === podId)
        if (pod === undefined || pod.phase === 'terminated') each.stop(filesText.podGone)
        else if (pod.phase === 'stopped') each.stop(filesText.podStopped)
      }
    },
    dispose() {
      cancelSample?.()
      cancelSample = () => {}
      for (const each of all()) each.stop(null)
      transfers.clear()
      publisher.dispose()
    },
  }
}
