import type { AccountId, PodId } from '../../../core/pods/pod'
import { MAX_ENDED_SESSIONS } from '../../../core/terminal/kept-session'
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
  /** Writes down which tabs are open; those of accounts that are not known yet stay. */
  setTabs(tabs: readonly RememberedTab[]): void
  endedNames(accountId: AccountId, podId: PodId): readonly string[]
  addEnded(session: SessionOfPod): void
  /** These sessions are certainly over. */
  removeEnded(names: readonly string[]): void
}

export function createTabRecords(store: TabStore): TabRecords {
  const loaded = store.load()
  let waiting = loaded.tabs
  let tabs: readonly RememberedTab[] = []
  let ended = loaded.ended
  let saved = JSON.stringify(loaded)

  function save(): void {
    const all: RememberedTabs = { tabs: [...tabs, ...waiting], ended }
    const text = JSON.stringify(all)
    if (text === saved) return
    saved = text
    store.save(all)
  }

  return {
    takeTabs(isKnown) {
      const taken = waiting.filter(({ accountId }) => isKnown(accountId))
      if (taken.length > 0) waiting = waiting.filter((one) => !taken.includes(one))
      return taken
    },
    setTabs(open) {
      tabs = open
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
  }
}
