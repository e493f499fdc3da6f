import { formatMoment } from '../../../core/base/text/format'
import { plainText } from '../../../core/base/text/plain-text'
import type { AutoStopMode } from '../../../core/pod-rules/pod-rules'

/** In which account a pod was found. */
export const podAccountText = (pod: string, account: string): string => `${pod} is in the account ${account}.`

export const settingsText = {
  listTakesNothing: 'settings list takes no arguments.',
  useSet: 'To change a setting, run podkeeper settings set NAME VALUE',
  addValue: (name: string) => `Add a value: podkeeper settings set ${name} VALUE`,
  changed: (name: string, value: string, before: string) => `${name} is now ${value} (was ${before}).`,
  specify: 'Specify a setting. To list them, run podkeeper settings.',
  unknown: (name: string, similar: readonly string[]) =>
    `There is no setting "${plainText(name)}".${
      similar.length > 0 ? ` Did you mean: ${similar.join(', ')}?` : ' To list them, run podkeeper settings.'
    }`,
  /** `problem`: as of `settingProblem`. */
  invalid: (name: string, problem: string) => `${name} ${problem}.`,
  notANumber: (name: string, typed: string, unit: string) =>
    `${name}: "${plainText(typed)}" is not a number (${unit}).`,
  notAToggle: (name: string, typed: string) => `${name}: "${plainText(typed)}" must be true or false.`,
} as const

export const nextText = {
  nobodyActs:
    'No Podkeeper is active on this data folder, so nothing is stopped. Start the app or podkeeper watch.',
  paused: 'Automatic stops are paused.',
  dryRun: 'Automatic stops are in dry-run mode: no pod is stopped.',
  none: 'No running pod will be stopped automatically.',
} as const

export const rulesText = {
  useSet: 'To change a rule, run podkeeper rules POD set NAME=VALUE',
  specify: (names: readonly string[]) =>
    `Specify a rule to set, such as maxHours=12. Rules: ${names.join(', ')}`,
  setsNothing: (assignment: string, names: readonly string[]) =>
    `"${plainText(assignment)}" does not set a rule. Rules: ${names.join(', ')}`,
  /** `byDefault`: what is typed for the account's value. */
  mustBe: (name: string, must: string, byDefault: string) =>
    `${name} must be ${must}, or ${byDefault} to use the account’s setting.`,
  aNumber: 'a number above 0',
  aToggle: 'true or false',
  setAlone: 'atMaxHours=terminate must be set on its own.',
  notChosen:
    'It is not stopped automatically until you turn on auto-stop for the account: podkeeper auto-stop selected',
  lossNotAllowed: 'The rule is set, but the pod is not stopped until you allow this data loss.',
  mayLoseDataNeeded: (impact: string) => `${impact} It is not stopped unless mayLoseData is true.`,
  stopping: (pod: string, impact: string) => `Stopping ${pod}: ${impact}`,
  needsOption: 'Without a terminal, use --allow-data-loss to let automatic stops lose this data.',
  askLoss: 'Type yes to let automatic stops lose this data: ',
} as const

export const editText = {
  nothingGiven:
    'Say what to change, such as --name NAME. For all options, run podkeeper edit --help. Nothing was changed.',
  oneLock: 'Use --lock or --unlock, not both. Nothing was changed.',
  /** `line`: of a file, from 1; null without one. */
  problem: (option: string, line: number | null, message: string) =>
    `${option}${line === null ? '' : `, line ${line}`}: ${message}`,
  problems: (lines: readonly string[]) => `${lines.join('\n')}\nNothing was changed.`,
  ask: 'Type yes to change it: ',
  request: (id: string, body: unknown) => `PATCH /v2/pods/${plainText(id)}\n${JSON.stringify(body, null, 2)}`,
} as const

export const keepText = {
  released: (pod: string) => `${pod} is no longer kept running.`,
  /** `untilMs`: null until it is released. */
  keptOn: (pod: string, untilMs: number | null, nowMs: number) =>
    `${pod} is kept running ${untilMs === null ? 'until you cancel' : `until ${formatMoment(untilMs, { nowMs })}`}: no alerts and no automatic stops.`,
} as const

/** What a mode of auto-stop means. */
export const autoStopTexts: Readonly<Record<AutoStopMode, string>> = {
  undecided: 'Nothing has been chosen yet, so quiet pods are not stopped automatically.',
  off: 'off: quiet pods are not stopped automatically.',
  ticked: 'selected: quiet pods with isAutoStopped=true are stopped automatically.',
  all: 'all: quiet pods are stopped automatically, except those with isAutoStopped=false.',
}
