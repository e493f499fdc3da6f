import { settingList, type SettingName, settingNames, type Settings } from './setting-list'
import type { Setting, SettingGroup } from './setting-types'

/** A row of the settings page: one setting, or several that belong together. */
export interface SettingRow {
  readonly label: string
  readonly help: string
  readonly names: readonly SettingName[]
  /** What is still missing for the settings to have an effect, as a sentence; null when nothing is. */
  readonly missing?: (settings: Settings) => string | null
}

/** Between the controls of these rows stands "to". */
export const RANGES: readonly SettingName[] = ['quietHoursFrom', 'gpuRetryS']

const sharedRows: readonly SettingRow[] = [
  {
    label: 'Warn before a stop',
    help: 'The stop waits if a warning can’t be delivered',
    names: ['autoStopFirstWarningMin', 'autoStopLastWarningMin'],
  },
  {
    label: 'Quiet hours',
    help: 'Only critical alerts are shown; others wait until the end',
    names: ['quietHoursFrom', 'quietHoursTo'],
    missing: ({ quietHoursFrom: from, quietHoursTo: to }) =>
      (from === null) === (to === null)
        ? null
        : `Set ${from === null ? 'a start' : 'an end'}, too. Quiet hours are off until then.`,
  },
  {
    label: 'Budget alerts',
    help: 'Share of a budget that is spent; the alert at 100% always comes',
    names: ['budgetFirstPercent', 'budgetSecondPercent'],
  },
  {
    label: 'Balance alerts',
    help: 'When the balance lasts less than this at the current rate; critical from the second on',
    names: ['runwayFirstH', 'runwaySecondH', 'runwayLastH'],
  },
  {
    label: 'GPU retry',
    help: 'Pause between attempts while a pod waits for a GPU, first and slowest',
    names: ['gpuRetryS', 'gpuRetrySlowestS'],
  },
]

/** The rows of a group in order; each setting is in exactly one. */
export function settingRows(group: SettingGroup): readonly SettingRow[] {
  return settingNames
    .filter((name) => settingList[name].group === group)
    .flatMap((name) => {
      const shared = sharedRows.find(({ names }) => names.includes(name))
      if (shared !== undefined) return shared.names[0] === name ? [shared] : []
      const { label, help }: Setting = settingList[name]
      return [{ label, help, names: [name] }]
    })
}
