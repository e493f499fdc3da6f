import type { MonitorOptions } from '../core/monitor-options'
import type { AccountView } from '../core/snapshot'
import { forgetfulActivity } from '../node/forgetful-activity'
import { forgetfulJournal } from '../node/journal'
import { createMemoryGuards } from '../node/memory-guards'
import { createMemoryMarks } from '../node/memory-marks'
import type { SessionOptions } from './session-options'

type Memory = Pick<MonitorOptions, 'journal' | 'marks' | 'guards' | 'activityLog' | 'mayAnnounce' | 'earlier'>

/** What a monitor of this account keeps across runs, and whether it announces. The pods of the demo do not outlive it. */
export function memoryOf(
  { id, isDemo }: Pick<AccountView, 'id' | 'isDemo'>,
  options: Pick<SessionOptions, 'journal' | 'store' | 'marks' | 'activityLog' | 'mayAnnounce'>,
): Memory {
  if (isDemo)
    return {
      journal: forgetfulJournal,
      marks: createMemoryMarks(),
      guards: createMemoryGuards(),
      activityLog: forgetfulActivity,
      // It has its own pods, which nobody else announces.
      mayAnnounce: () => true,
      earlier: [],
    }
  const { journal, store, marks, activityLog, mayAnnounce } = options
  const earlier = journal.latest().filter((intent) => intent.accountId === id)
  return { journal, marks, guards: store.guards, activityLog, mayAnnounce, earlier }
}
