import { labSettingTexts } from '../pods/labs/lab-setting-text'
import type { AccountId } from '../pods/pod'
import type { LabSettings } from '../pods/provider'
import type { AuditEntry } from './audit-log'

/** The entry on settings that Hubify accepted for a lab. `account`: what a person calls it; `atMs`: Unix ms. */
export const labSettingsEntry = (
  accountId: AccountId,
  account: string,
  changes: LabSettings,
  atMs: number,
): AuditEntry => ({
  atMs,
  accountId,
  podId: null,
  podName: null,
  kind: 'intent',
  what: 'lab-settings',
  text: `Changed at Hubify for ${account}: ${labSettingTexts(changes).join(', ')}.`,
  tone: 'plain',
})
