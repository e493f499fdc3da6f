import { namesText, shortName } from '../../../core/pods/pod-name'
import type { LabSettings } from '../../../core/pods/provider'
import { labSettingText } from '../../../core/pods/labs/lab-setting-text'

/** Why a request was not carried out. */
export const requestsText = {
  noWebApp: 'That account has no web app.',
  variablesNotKept: 'Paste the variables again: they were not kept.',
  labNotWatchedForCreate: 'That lab is not watched, so nothing was created.',
  labNotWatched: 'That lab is not watched.',
  noVariables: 'The clipboard holds no variables. Copy lines such as NAME=value.',
  /** For the activity log. */
  labChanged(account: string, { idleAlertMinutes, isAutoScheduled }: LabSettings): string {
    const texts = [
      ...(idleAlertMinutes === undefined ? [] : [labSettingText.idleAlert(idleAlertMinutes)]),
      ...(isAutoScheduled === undefined ? [] : [labSettingText.autoSchedule(isAutoScheduled)]),
    ]
    return `Changed at Hubify for ${account}: ${texts.join(', ')}.`
  },
  volumeUsersUnknown: 'Which pods use the volume isn’t known right now. Try again later.',
  volumeInUse: (pods: readonly { readonly name: string }[]) =>
    `${namesText(pods)} ${pods.length === 1 ? 'has' : 'have'} this volume attached. Terminate ${pods.length === 1 ? 'that pod' : 'those pods'} first.`,
  podNotRead: 'The pod was not read yet, so nothing was changed. Close this and open it again.',
  readFailed: (details: string) => `The pod could not be read, so nothing was changed: ${details}`,
  podChanged: (pod: string) =>
    `${shortName(pod)} has changed, so nothing was done. Close this and open it again.`,
  accountUnknown: 'That account is no longer known.',
  rangeTooLong: 'That time range is too long.',
  noSuchPort: 'The pod doesn’t serve that port over HTTP.',
  runpodOnly: 'Only Runpod pods have such an address.',
  noSuchComputer: 'The guard has nothing from that computer any more.',
  noGuardHere: 'A pod of this account can’t have a guard.',
  changedWhileAsked: (pod: string) =>
    `${shortName(pod)} changed while you were asked, so nothing was done. Check it and try again.`,
} as const
