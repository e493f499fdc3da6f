import type { MonitorOptions } from '../core/monitor-options'
import { forgetfulJournal } from '../node/journal'
import { createMemoryLedger } from '../node/ledger-files'
import { createMemoryMarks } from '../node/memory-marks'
import type { SessionOptions } from './session-options'

type Ports = Pick<MonitorOptions, 'journal' | 'marks' | 'earlier' | 'money'>

/** Where a monitor keeps what it must not forget. The demo's pods do not outlive it, nor does anything of them. */
export function accountPorts(
  { journal, store, ledgerFiles }: Pick<SessionOptions, 'journal' | 'store' | 'ledgerFiles'>,
  { id, isDemo }: { readonly id: string; readonly isDemo: boolean },
): Ports {
  if (isDemo)
    return {
      journal: forgetfulJournal,
      marks: createMemoryMarks(),
      earlier: [],
      money: { files: createMemoryLedger(), activity: null },
    }
  return {
    journal,
    marks: store.marks,
    earlier: journal.latest().filter(({ accountId }) => accountId === id),
    money: { files: ledgerFiles(id), activity: null },
  }
}
