import type { Clock } from '../../../core/base/time/clock'
import type { AccountId, PodId } from '../../../core/pods/pod'
import { MAX_ENDED_SESSIONS } from '../../../core/terminal/kept-session'
import { type PaneLayout, paneIds } from '../../../core/terminal/panes/pane-layout'
import type { RememberedTab, RememberedTabs, SessionOfPod } from '../../../core/terminal/remembered-tabs'

/** Where the tabs are kept for the next run. */
export interface TabStore {
  load(): RememberedTabs
  save(tabs: RememberedTabs): void
}

/** The tabs whose sessions are on pods, and the sessions that their owner closed while the pod could not be asked. */
export interface TabRecords {
  /** The tabs of an earlier run whose accounts are known by now. Each is returned once. */
  takeTabs(isKnown: (accountId: AccountId) => boolean): readonly RememberedTab[]
  /** The layouts of an earlier run. */
  readonly earlierLayouts: readonly PaneLayout[]
  /** Writes down which tabs are open; those of accounts that are not known yet stay. */
  setTabs(tabs: readonly RememberedTab[], layouts: readonly PaneLayout[]): void
  endedNames(accountId: AccountId, podId: PodId): readonly string[]
  addEnded(session: SessionOfPod): void
  /** These sessions are certainly over. */
  removeEnded(names: readonly string[]): void
  /** Writes at once what is not written yet. */
  flush(): void
}

/** Programs come and go in a terminal, and each write waits for the disk. */
const COMMAND_DELAY_MS = 5_000

export function createTabRecords(store: TabStore, clock: Pick<Clock, 'schedule'>): TabRecords {
  const loaded = store.load()
  let waiting = loaded.tabs
  let tabs: readonly RememberedTab[] = []
  let layouts: readonly PaneLayout[] = []
  let ended = loaded.ended
  let saved = loaded
  let cancelWrite: (() => void) | null = null

  const current = (): RememberedTabs => ({
    tabs: [...tabs, ...waiting],
    layouts: [...layouts, ...loaded.layouts.filter(isWaiting)],
    ended,
  })

  const isWaiting = (layout: PaneLayout): boolean =>
    waiting.some(({ session }) => paneIds(layout).includes(session))

  function write(): void {
    cancelWrite?.()
    cancelWrite = null
    const all = current()
    if (JSON.stringify(all) === JSON.stringify(saved)) return
    saved = all
    store.save(all)
  }

  function save(): void {
    if (withoutCommands(current()) !== withoutCommands(saved)) write()
    else cancelWrite ??= clock.schedule(COMMAND_DELAY_MS, write)
  }

  return {
    takeTabs(isKnown) {
      const taken = waiting.filter(({ accountId }) => isKnown(accountId))
      if (taken.length > 0) waiting = waiting.filter((one) => !taken.includes(one))
      return taken
    },
    earlierLayouts: loaded.layouts,
    setTabs(open, openLayouts) {
      tabs = open
      layouts = openLayouts
      save()
    },
    endedNames: (accountId, podId) =>
      ended.filter((one) => one.accountId === accountId && one.podId === podId).map(({ session }) => session),
    addEnded(session) {
      ended = [...ended, session].slice(-MAX_ENDED_SESSIONS)
      save()
    },
    removeEnded(names) {
      if (names.length === 0) return
      ended = ended.filter(({ session }) => !names.includes(session))
      save()
    },
    flush: write,
  }
}

const withoutCommands = (all: RememberedTabs): string =>
  JSON.stringify(all, (key, value: unknown) => (key === 'command' ? undefined : value))
