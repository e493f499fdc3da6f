import type { MonitorOptions } from '../core/monitor-options'
import type { AccountView } from '../core/snapshot'
import type { OpenJournal } from '../node/journal'
import { forgetfulJournal } from '../node/journal'
import { createMemoryMarks } from '../node/memory-marks'
import type { AppStore } from './store'

/** What is remembered of an account across restarts; of the demo nothing, since its pods do not outlive it. */
export function memoryOf(
  { id, isDemo }: Pick<AccountView, 'id' | 'isDemo'>,
  journal: OpenJournal,
  store: Pick<AppStore, 'marks'>,
): Pick<MonitorOptions, 'journal' | 'marks' | 'earlier'> {
  if (isDemo) return { journal: forgetfulJournal, marks: createMemoryMarks(), earlier: [] }
  const earlier = journal.latest().filter((intent) => intent.accountId === id)
  return { journal, marks: store.marks, earlier }
}
