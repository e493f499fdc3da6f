import type { MonitorOptions } from '../core/monitor-options'
import type { AccountView } from '../core/snapshot'
import { forgetfulActivity } from '../node/forgetful-activity'
import { forgetfulJournal } from '../node/journal'
import { createMemoryMarks } from '../node/memory-marks'
import type { SessionOptions } from './session-options'

type AccountPorts = Pick<
  MonitorOptions,
  'journal' | 'earlier' | 'marks' | 'activityLog' | 'mayAnnounce' | 'notifier' | 'alertsPausedUntilMs'
>

/** Where an account's actions and alerts are kept. The demo's pods do not outlive it, and nobody else announces them. */
export function portsOf(
  { id, isDemo }: Pick<AccountView, 'id' | 'isDemo'>,
  { notifier, journal, marks, activityLog, mayAnnounce, alertsPausedUntilMs }: SessionOptions,
): AccountPorts {
  const shared = { notifier, alertsPausedUntilMs }
  if (isDemo)
    return {
      ...shared,
      journal: forgetfulJournal,
      earlier: [],
      marks: createMemoryMarks(),
      activityLog: forgetfulActivity,
      mayAnnounce: () => true,
    }
  const earlier = journal.latest().filter((intent) => intent.accountId === id)
  return { ...shared, journal, earlier, marks, activityLog, mayAnnounce }
}
