import type { CommandPod } from './pod-account'
import type { CommandRun } from '../../output/command-run'
import { plainText } from '../../../core/base/text/plain-text'
import { ruleOriginText } from '../../../core/pod-rules/pod-rules-text'
import {
  NO_STOP_TIME,
  parseStopTime,
  stopTimeOf,
  stopTimeProblem,
  stopTimeText,
} from '../../../core/pod-rules/stop-time'
import {
  type GroupRuleName,
  groupRuleNames,
  type PodGuardRule,
  type PodRuleChanges,
  type PodRules,
} from '../../../core/pod-rules/pod-rules'
import { parseTypedStartTime, startTimeProblem, startTimeText } from '../../../core/pod-rules/start-time'
import type { ControlledPodView } from '../../../node/control/control-requests'
import type { SettingValue } from '../../../core/settings/definitions/typed-value'
import { refusalExit } from '../../account/open-control'
import { CliExit, exitCodes } from '../../output/exit'
import { accountJson, JSON_VERSION, type NamedAccount } from '../../output/json'
import { nothingText, withNothing } from '../../output/nothing-text'
import { padText } from '../../output/text'
import type { RulesVerb } from '../arguments'
import { confirmByName, promptLine } from '../confirm-by-name'
import { findControlledPod } from './controlled-pod'
import { keepOnJson } from './keep'
import { readSettings } from './settings'
import { rulesText } from './control-text'
import { noMaxHoursText } from '../../../core/pod-rules/pod-rules-editor'

export interface RulesOptions
  extends CommandPod, Pick<CommandRun, 'isJson' | 'confirmName' | 'keyboard' | 'output'> {
  readonly verb: RulesVerb
  /** "maxHours=12". */
  readonly assignments: readonly string[]
  readonly allowsDataLoss: boolean
}

type SettableRule = Exclude<keyof PodRules, 'keepOn' | PodGuardRule>

/** Each rule, and what it can be. `default` gives it back to the account. */
const rules: Readonly<
  Record<SettableRule, 'number' | 'toggle' | 'stop-time' | 'start-time' | readonly string[]>
> = {
  isAutoStopped: 'toggle',
  idleAlertAfterMin: 'number',
  autoStopAfterMin: 'number',
  maxHours: 'number',
  atMaxHours: ['stop', 'terminate'],
  stopAt: 'stop-time',
  startAt: 'start-time',
  startMaxPerHourUsd: 'number',
  monthlyBudgetUsd: 'number',
  atBudget: ['stop'],
  mayLoseData: 'toggle',
  isLowCpuIdle: 'toggle',
}
const ruleNames = Object.keys(rules) as readonly SettableRule[]

const DEFAULT = 'default'
const ownTimeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone

/** Shows or changes the rules of a pod; returns the exit code. Throws a `CliExit` with nothing changed. */
export async function podRules(options: RulesOptions): Promise<number> {
  const { control, podQuery, verb, assignments, output } = options
  if (verb === 'get') {
    if (assignments.length > 0) throw usage(rulesText.useSet)
    await printRules(await findControlledPod(control, podQuery, output), options)
    return exitCodes.ok
  }
  const values = parseAssignments(assignments)
  const pod = await findControlledPod(control, podQuery, output)
  if (values['atMaxHours'] === 'terminate') await terminateAtMaxHours(pod, values, options)
  else {
    // To allow a loss is confirmed before anything changes; a rule that would cause one stays without it.
    if (values['mayLoseData'] === true && !(await isLossAllowed(pod, options)))
      throw new CliExit(exitCodes.failed, nothingText.changed)
    await change(pod, values, options)
    await reportEffect(pod, values, options)
  }
  await printRules(await findControlledPod(control, pod.id, output), options)
  return exitCodes.ok
}

type RuleValues = Readonly<Partial<Record<SettableRule, number | boolean | string | null>>>

function parseAssignments(assignments: readonly string[]): RuleValues {
  if (assignments.length === 0) throw usage(rulesText.specify(ruleNames))
  return Object.fromEntries(
    assignments.map((assignment) => {
      const at = assignment.indexOf('=')
      const [name, typed] = [assignment.slice(0, at), assignment.slice(at + 1)]
      if (at < 1 || !isRuleName(name)) throw usage(rulesText.setsNothing(assignment, ruleNames))
      return [name, parseRule(name, typed)]
    }),
  )
}

const isRuleName = (name: string): name is SettableRule => Object.hasOwn(rules, name)

function parseRule(name: SettableRule, typed: string): number | boolean | string | null {
  if (typed === DEFAULT) return null
  const kind = rules[name]
  const wrong = (must: string): CliExit => usage(rulesText.mustBe(name, must, DEFAULT))
  if (kind === 'number') {
    const number = typed.trim() === '' ? Number.NaN : Number(typed)
    if (!Number.isFinite(number) || number <= 0) throw wrong(rulesText.aNumber)
    return number
  }
  if (kind === 'toggle') {
    if (typed !== 'true' && typed !== 'false') throw wrong(rulesText.aToggle)
    return typed === 'true'
  }
  if (kind === 'stop-time') {
    if (typed === NO_STOP_TIME) return typed
    const stopTime = parseStopTime(typed)
    if (stopTime === null) throw usage(`${name} ${stopTimeProblem}.`)
    // Another computer may carry it out.
    return stopTimeText({ ...stopTime, timeZone: stopTime.timeZone ?? ownTimeZone })
  }
  if (kind === 'start-time') {
    const atMs = parseTypedStartTime(typed, Date.now())
    if (atMs === null) throw usage(`${name} ${startTimeProblem}.`)
    return startTimeText(atMs)
  }
  if (!kind.includes(typed)) throw wrong(kind.join(' or '))
  return typed
}

async function change(pod: ControlledPodView, values: RuleValues, { control }: RulesOptions): Promise<void> {
  const changed = await control.requests.changePodRules(pod.id, values as PodRuleChanges)
  if (!changed.ok) throw refusalExit(changed.error)
}

/** The choice needs the pod's name typed, and is a change of its own, so that either all or nothing was done. */
async function terminateAtMaxHours(
  pod: ControlledPodView,
  values: RuleValues,
  { control, confirmName: nameOption, keyboard, output }: RulesOptions,
): Promise<void> {
  if (Object.keys(values).length > 1) throw usage(rulesText.setAlone)
  if (pod.rules.maxHours === undefined || pod.ruleOrigins?.maxHours !== undefined)
    throw new CliExit(exitCodes.failed, withNothing(noMaxHoursText, 'changed'))
  const confirmation = { nameOption, keyboard, output }
  const { token, typed } = await confirmByName(
    control.requests,
    pod.id,
    'terminate-at-max-hours',
    confirmation,
  )
  const answered = await control.requests.answerConfirmation(token, typed)
  if (!answered.ok) throw refusalExit(answered.error)
}

/** Says what still keeps the rules that were set from stopping the pod, and asks for permission where one is needed. */
async function reportEffect(
  before: ControlledPodView,
  values: RuleValues,
  options: RulesOptions,
): Promise<void> {
  const { control, output } = options
  const pod = await findControlledPod(control, before.id, output)
  if (values.isAutoStopped === true && !pod.isAutoStopEnabled) output.progress(rulesText.notChosen)
  if (pod.isDataKept || pod.rules.mayLoseData === true) return
  const { maxHours, atMaxHours, atBudget } = pod.rules
  const stopsIt =
    (maxHours !== undefined && atMaxHours !== 'terminate') ||
    stopTimeOf(pod.rules) !== null ||
    atBudget === 'stop'
  const isSetNow = lossRules.some((name) => (values[name] ?? null) !== null)
  if (stopsIt && isSetNow) {
    const isAllowed = await isLossAllowed(pod, options).catch(() => false)
    if (isAllowed) await change(pod, { mayLoseData: true }, options)
    else output.progress(rulesText.lossNotAllowed)
  } else if (values.isAutoStopped === true) output.progress(rulesText.mayLoseDataNeeded(pod.stopImpactText))
}

/** They may stop a pod whether or not it was selected. */
const lossRules = ['maxHours', 'atMaxHours', 'stopAt', 'atBudget', 'monthlyBudgetUsd'] as const

/** Whether the user allows what a stop loses, after reading it. */
async function isLossAllowed(pod: ControlledPodView, options: RulesOptions): Promise<boolean> {
  const { allowsDataLoss, keyboard, output } = options
  if (pod.isDataKept) return true
  output.progress(rulesText.stopping(pod.name, pod.stopImpactText))
  if (allowsDataLoss) return true
  if (keyboard === null) {
    output.progress(rulesText.needsOption)
    return false
  }
  return (await promptLine(keyboard, rulesText.askLoss)) === 'yes'
}

/** Prints the rules of the pod, and for those that it has not of its own what the account says. */
async function printRules(
  pod: ControlledPodView,
  { control, account, isJson, output }: RulesOptions,
): Promise<void> {
  if (isJson) {
    output.result(JSON.stringify(rulesJson(pod, account), null, 2))
    return
  }
  const nameWidth = Math.max(...ruleNames.map((name) => name.length))
  const settings = await readSettings(control)
  const accountValues: Readonly<Record<string, SettingValue | undefined>> = {
    isAutoStopped: pod.isAutoStopEnabled,
    idleAlertAfterMin: settings.idleAlertAfterMin,
    autoStopAfterMin: settings.autoStopAfterMin,
  }
  output.result(plainText(`${pod.name} (${pod.id})`))
  for (const name of ruleNames) {
    const accountValue = accountValues[name]
    const inherited = accountValue === undefined ? DEFAULT : `${DEFAULT} (${accountValue})`
    const origin = isGroupRule(name) ? pod.ruleOrigins?.[name] : undefined
    const from = origin === undefined ? '' : plainText(` (${ruleOriginText(origin)})`)
    output.result(`${padText(name, nameWidth)}  ${String(pod.rules[name] ?? inherited)}${from}`)
  }
}

const rulesJson = (
  { id, name, rules: own, ruleOrigins, isAutoStopEnabled, keepOn, isDataKept }: ControlledPodView,
  account: NamedAccount,
): unknown => ({
  version: JSON_VERSION,
  account: accountJson(account),
  pod: { id, name },
  rules: Object.fromEntries(ruleNames.map((rule) => [rule, own[rule] ?? null])),
  ruleOrigins: ruleOrigins ?? {},
  isAutoStopEnabled,
  isDataKept,
  keepOn: keepOnJson(keepOn),
})

const isGroupRule = (name: SettableRule): name is GroupRuleName =>
  groupRuleNames.some((each) => each === name)

const usage = (message: string): CliExit => new CliExit(exitCodes.usage, message)
