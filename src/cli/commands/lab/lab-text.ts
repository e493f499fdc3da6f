import { plainText } from '../../../core/base/text/plain-text'
import type { LabSettings } from '../../../core/pods/provider'
import { labSettingTexts } from '../../../core/pods/labs/lab-setting-text'

/** Of `podkeeper lab` and `podkeeper queue list --lab`. */
export const labCommandText = {
  none: 'There is no lab of Hubify among the accounts. To add one, run podkeeper login --provider hubify.',
  chooseOne: (labs: readonly string[]) =>
    `Choose the lab with --account: ${labs.map(plainText).join(', ')}. Nothing was changed.`,
  usage:
    'Usage: podkeeper lab set idleAlertMinutes MINUTES, or podkeeper lab set autoScheduleEnabled true|false',
  minutes: 'idleAlertMinutes is a whole number of minutes from 1 to 1440. Nothing was changed.',
  flag: 'autoScheduleEnabled is true or false. Nothing was changed.',
  lab: (name: string, slug: string) => `${plainText(name)}${slug === '' ? '' : ` (${slug})`}`,
  unknown: 'Hubify’s API doesn’t report the settings of a lab. To change them, run podkeeper lab set.',
  onlyInWebApp: (url: string) => `This API doesn’t change settings yet. They are in the web app: ${url}`,
  changed(lab: string, applied: LabSettings): string {
    const parts = labSettingTexts(applied)
    return parts.length === 0
      ? `${plainText(lab)}: Hubify accepted the change, and doesn’t say what applies now.`
      : `${plainText(lab)}: ${parts.join(', ')}.`
  },
  noExperiments: (lab: string) => `${plainText(lab)}: no queued experiments.`,
  notRead: (lab: string, why: string) =>
    `${plainText(lab)}: the queued experiments could not be read: ${why}`,
} as const
