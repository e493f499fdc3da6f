import { settingList, type SettingName, type Settings } from './definitions/setting-list'
import { settingValueText } from './definitions/typed-value'

/** A constraint between settings. */
export interface SettingRule {
  readonly names: readonly SettingName[]
  /** Why the values conflict, as a sentence; null when they do not. */
  problem(settings: Settings): string | null
  /** Changes that resolve the conflict, for values read from a file. */
  repair(settings: Settings): Partial<Settings>
}

/** "15 minutes", the value of a setting in words. */
const inWords = (settings: Settings, name: SettingName): string =>
  settingValueText(settingList[name], settings[name])

export const settingRules: readonly SettingRule[] = [
  {
    names: ['idleAlertAfterMin', 'idleAlertEveryMin'],
    problem: (settings) =>
      settings.idleAlertEveryMin < settings.idleAlertAfterMin
        ? `The pause between idle alerts (${inWords(settings, 'idleAlertEveryMin')}) can’t be shorter than the time until the first (${inWords(settings, 'idleAlertAfterMin')}).`
        : null,
    repair: ({ idleAlertAfterMin }) => ({ idleAlertEveryMin: idleAlertAfterMin }),
  },
  {
    names: ['pollActiveS', 'gapMin'],
    problem: (settings) =>
      settings.pollActiveS * 2 > settings.gapMin * 60
        ? `With a poll every ${inWords(settings, 'pollActiveS')}, one missed response would exceed the longest gap (${inWords(settings, 'gapMin')}), and no pod would ever count as idle.`
        : null,
    repair: ({ gapMin }) => ({ pollActiveS: gapMin * 30 }),
  },
  {
    names: ['gpuRetryS', 'gpuRetrySlowestS'],
    problem: (settings) =>
      settings.gpuRetrySlowestS < settings.gpuRetryS
        ? `The slowest GPU retry (${inWords(settings, 'gpuRetrySlowestS')}) can’t be shorter than the first (${inWords(settings, 'gpuRetryS')}).`
        : null,
    repair: ({ gpuRetryS }) => ({ gpuRetrySlowestS: gpuRetryS }),
  },
  {
    // Quiet is stricter than idle. See docs/product-rules.md#25-quiet.
    names: ['quietCpuPercent', 'busyAtPercent'],
    problem: ({ quietCpuPercent: quiet, busyAtPercent: busy }) =>
      quiet > busy ? `The auto-stop CPU limit (${quiet}%) can’t be above the idle limit (${busy}%).` : null,
    repair: ({ busyAtPercent }) => ({ quietCpuPercent: busyAtPercent }),
  },
  {
    names: ['autoStopLastWarningMin', 'autoStopFirstWarningMin'],
    problem: (settings) =>
      settings.autoStopLastWarningMin >= settings.autoStopFirstWarningMin
        ? `The last warning (${inWords(settings, 'autoStopLastWarningMin')} before a stop) must come after the first (${inWords(settings, 'autoStopFirstWarningMin')}).`
        : null,
    repair: ({ autoStopFirstWarningMin: first }) => ({ autoStopLastWarningMin: first / 2 }),
  },
  {
    names: ['autoStopAfterMin', 'autoStopFirstWarningMin'],
    problem: (settings) =>
      settings.autoStopFirstWarningMin >= settings.autoStopAfterMin
        ? `The time until auto-stop (${inWords(settings, 'autoStopAfterMin')}) must be longer than its first warning (${inWords(settings, 'autoStopFirstWarningMin')} before).`
        : null,
    // Prefers a later stop to a shorter warning.
    repair: ({ autoStopFirstWarningMin: first }) => ({ autoStopAfterMin: 2 * first }),
  },
  {
    // See docs/product-rules.md#31-rules.
    names: ['idleAlertAfterMin', 'autoStopAfterMin'],
    problem: (settings) =>
      settings.idleAlertAfterMin >= settings.autoStopAfterMin
        ? `The idle alert (after ${inWords(settings, 'idleAlertAfterMin')}) must come before the auto-stop (after ${inWords(settings, 'autoStopAfterMin')}).`
        : null,
    repair: ({ autoStopAfterMin }) => ({ idleAlertAfterMin: autoStopAfterMin / 2 }),
  },
  {
    names: ['budgetFirstPercent', 'budgetSecondPercent'],
    problem: ({ budgetFirstPercent: first, budgetSecondPercent: second }) =>
      first >= second ? `The first budget alert (${first}%) must be below the second (${second}%).` : null,
    repair: () => ({ budgetFirstPercent: 50, budgetSecondPercent: 80 }),
  },
  {
    names: ['runwayFirstH', 'runwaySecondH', 'runwayLastH'],
    problem: ({ runwayFirstH: first, runwaySecondH: second, runwayLastH: last }) =>
      first > second && second > last
        ? null
        : `Each balance alert must come later than the one before it (${first}, ${second} and ${last} hours).`,
    repair: () => ({ runwayFirstH: 24, runwaySecondH: 6, runwayLastH: 1 }),
  },
]
