import { join } from 'node:path'
import type { AlertHistoryStore } from '../../src/core/alerts/alert-history'
import { errorText } from '../../src/core/base/text/error-text'
import type { IdleEpisodeStore } from '../../src/core/guard/episode-names'
import type { KeyUsageStore } from '../../src/core/pods/key-usage-store'
import { createLedger, type Ledger } from '../../src/core/money/ledger/ledger'
import { type AppStore, openAppStore } from '../../src/main/settings/app-store'
import { openAlertHistory } from '../../src/node/data-folder/records/alert-history'
import { type OpenAuditLog, openAuditLog } from '../../src/node/data-folder/records/audit-log'
import { createFolderLock, type FolderLock } from '../../src/node/data-folder/lock/folder-lock'
import { openIdleEpisodes } from '../../src/node/data-folder/records/idle-episodes'
import { openKeyUsageFile } from '../../src/node/data-folder/key-usage-file'
import { costsFolder, openLedgerFiles } from '../../src/node/data-folder/records/ledger-files'
import { openTerminalInputFile, type TerminalInputFile } from '../../src/node/data-folder/terminal-input-file'
import { HostKeyFile } from '../../src/ssh/host-keys/host-key-file'
import { NOW_MS } from './times'

export const ACCOUNT = 'account-1'
const USED_KEY = '0123456789abcdef'

/** A data folder with all its files open, as the app opens them. */
export interface OpenDataFolder {
  readonly path: string
  readonly store: AppStore
  readonly lock: FolderLock
  readonly activity: OpenAuditLog
  readonly alerts: AlertHistoryStore
  readonly episodes: IdleEpisodeStore
  readonly usage: KeyUsageStore
  readonly ledger: Ledger
  readonly hostKeys: HostKeyFile
  readonly typing: TerminalInputFile
  readonly cliKeyPath: string
  /** What a person was told since the last call. */
  drainProblems(): readonly string[]
  close(): void
}

/** Small, so that a few entries fill several files. */
const ACTIVITY_FILE_BYTES = 600

/** Opens the folder and requests the right to act on it; `lock.role()` says whether it was given. */
export async function openFolder(path: string, program: 'app' | 'cli' = 'app'): Promise<OpenDataFolder> {
  const problems: string[] = []
  const tell = (text: string): void => void problems.push(text)
  const nowMs = (): number => NOW_MS
  const store = openAppStore(path, nowMs, { warn: (text) => tell(text) })
  const lock = createFolderLock({
    dataFolder: path,
    journalPath: join(path, 'intents.jsonl'),
    program,
    canActUnlocked: program === 'app',
    nowMs,
    onRole: () => {},
    retryMs: 20,
  })
  // The app ends here, and says why.
  await lock.start().catch((cause: unknown) => tell(`It cannot start: ${errorText(cause)}`))
  lock.journal.problems.forEach(tell)
  lock.creates.problems.forEach(tell)
  const role = lock.role()
  if (role.kind === 'unlocked' || role.kind === 'unsupported-format') tell(role.problem)
  const activity = openAuditLog({
    folder: join(path, 'activity'),
    mayWrite: () => lock.mayWrite(),
    onWriteProblem: (problem) => problem !== null && tell(problem),
    maxFileBytes: ACTIVITY_FILE_BYTES,
  })
  const ledger = createLedger(openLedgerFiles(costsFolder(path, ACCOUNT), () => lock.mayWrite().ok))
  return {
    path,
    store,
    lock,
    activity,
    alerts: openAlertHistory(path, tell),
    episodes: openIdleEpisodes(path, tell),
    usage: openKeyUsageFile(path, USED_KEY, nowMs, tell),
    ledger,
    hostKeys: new HostKeyFile({ path: join(path, 'host-keys.json'), nowMs, onProblem: tell }),
    typing: openTerminalInputFile(path, nowMs, tell),
    cliKeyPath: join(path, 'cli-key.json'),
    drainProblems: () => [...problems.splice(0), ...store.drainProblems(), ...ledger.drainProblems()],
    close() {
      activity.close()
      lock.dispose()
    },
  }
}
