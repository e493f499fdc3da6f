import type { AccountSessionOptions } from '../account-session-options'

/** When an account is added, Unix ms: not before any job that is there, whatever the clock says. */
export function addedNow({ clock, folderHost }: Pick<AccountSessionOptions, 'clock' | 'folderHost'>): number {
  const createdAtMs = folderHost.queue.view().jobs.map((job) => job.createdAtMs)
  return Math.max(clock.now().wallMs, ...createdAtMs)
}
