import type { SettingName, Settings } from './definitions/setting-list'

/** A constraint between settings. */
export interface SettingRule {
  readonly names: readonly SettingName[]
  /** Why the values conflict, as a sentence; null when they do not. */
  problem(settings: Settings): string | null
  /** Changes that resolve the conflict, for values read from a file. */
  repair(settings: Settings): Partial<Settings>
}

export const settingRules: readonly SettingRule[] = [
  {
    names: ['idleAlertAfterMin', 'idleAlertEveryMin'],
    problem: ({ idleAlertAfterMin: after, idleAlertEveryMin: every }) =>
      every < after
        ? `A pod cannot be told of more than once in ${every} minutes when it must idle for ${after} each time.`
        : null,
    repair: ({ idleAlertAfterMin }) => ({ idleAlertEveryMin: idleAlertAfterMin }),
  },
  {
    names: ['pollActiveS', 'gapMin'],
    problem: ({ pollActiveS, gapMin }) =>
      pollActiveS * 2 > gapMin * 60
        ? `With a look every ${pollActiveS} s, one missed answer would be a gap of more than ${gapMin} min, and no pod would ever count as idle.`
        : null,
    repair: ({ gapMin }) => ({ pollActiveS: gapMin * 30 }),
  },
  {
    names: ['gpuRetryS', 'gpuRetrySlowestS'],
    problem: ({ gpuRetryS, gpuRetrySlowestS }) =>
      gpuRetrySlowestS < gpuRetryS
        ? `Waiting for a GPU cannot get slower than every ${gpuRetryS} s and still ask every ${gpuRetrySlowestS} s.`
        : null,
    repair: ({ gpuRetryS }) => ({ gpuRetrySlowestS: gpuRetryS }),
  },
  {
    // Quiet is stricter than idle. See docs/product-rules.md#25-quiet.
    names: ['quietCpuPercent', 'busyAtPercent'],
    problem: ({ quietCpuPercent: quiet, busyAtPercent: busy }) =>
      quiet > busy
        ? `Quiet is stricter than idle, so it cannot begin at ${quiet} % when busy is ${busy} %.`
        : null,
    repair: ({ busyAtPercent }) => ({ quietCpuPercent: busyAtPercent }),
  },
  {
    names: ['autoStopLastWarningMin', 'autoStopFirstWarningMin'],
    problem: ({ autoStopFirstWarningMin: first, autoStopLastWarningMin: last }) =>
      last >= first
        ? `The last warning, ${last} minutes before a stop, must come after the first, ${first} minutes before it.`
        : null,
    repair: ({ autoStopFirstWarningMin: first }) => ({ autoStopLastWarningMin: first / 2 }),
  },
  {
    names: ['autoStopAfterMin', 'autoStopFirstWarningMin'],
    problem: ({ autoStopAfterMin: stop, autoStopFirstWarningMin: first }) =>
      first >= stop
        ? `A pod that is stopped after ${stop} quiet minutes cannot be warned of ${first} minutes before.`
        : null,
    // Prefers a later stop to a shorter warning.
    repair: ({ autoStopFirstWarningMin: first }) => ({ autoStopAfterMin: 2 * first }),
  },
  {
    // See docs/product-rules.md#31-rules.
    names: ['idleAlertAfterMin', 'autoStopAfterMin'],
    problem: ({ idleAlertAfterMin: alert, autoStopAfterMin: stop }) =>
      alert >= stop
        ? `A pod that is stopped after ${stop} quiet minutes must be told of sooner than after ${alert} idle ones.`
        : null,
    repair: ({ autoStopAfterMin }) => ({ idleAlertAfterMin: autoStopAfterMin / 2 }),
  },
  {
    names: ['budgetFirstPercent', 'budgetSecondPercent'],
    problem: ({ budgetFirstPercent: first, budgetSecondPercent: second }) =>
      first >= second
        ? `The first word of a budget, at ${first} %, must come before the second, at ${second} %.`
        : null,
    repair: () => ({ budgetFirstPercent: 50, budgetSecondPercent: 80 }),
  },
  {
    names: ['runwayFirstH', 'runwaySecondH', 'runwayLastH'],
    problem: ({ runwayFirstH: first, runwaySecondH: second, runwayLastH: last }) =>
      first > second && second > last
        ? null
        : `The words of a low balance, at ${first}, ${second} and ${last} hours, must come one after the other.`,
    repair: () => ({ runwayFirstH: 24, runwaySecondH: 6, runwayLastH: 1 }),
  },
]
