import type { ReadStream } from 'node:tty'
import { plainText } from '../../../core/base/plain-text'
import type { PodRuleChanges, PodRules } from '../../../core/pod-rules/pod-rules'
import type { ControlledPodView, SettingValue } from '../../../node/control/control-requests'
import { type Control, refusalExit } from '../../account/open-control'
import { CliExit, exitCodes } from '../../output/exit'
import { accountJson, JSON_VERSION, type NamedAccount } from '../../output/json'
import { padText } from '../../output/text'
import type { CliOutput } from '../../output/terminal'
import { confirmByName, promptLine } from '../confirm-by-name'
import { findControlledPod } from './controlled-pod'
import { keepOnJson } from './keep'
import { readSettings } from './settings'

export const rulesVerbs = ['get', 'set'] as const
export type RulesVerb = (typeof rulesVerbs)[number]

export interface RulesOptions {
  readonly control: Control
  readonly account: NamedAccount
  readonly podQuery: string
  readonly verb: RulesVerb
  /** "maxHours=12". */
  readonly assignments: readonly string[]
  readonly isJson: boolean
  /** Given on the command line in place of typing it. */
  readonly confirmName: string | null
  readonly allowsDataLoss: boolean
  /** Null if there is no terminal to type in. */
  readonly keyboard: ReadStream | null
  readonly output: CliOutput
}

type RuleName = Exclude<keyof PodRules, 'keepOn'>

/** Each rule, and what it can be. `default` gives it back to the account. */
const rules: Readonly<Record<RuleName, 'number' | 'toggle' | readonly string[]>> = {
  isAutoStopped: 'toggle',
  idleAlertAfterMin: 'number',
  autoStopAfterMin: 'number',
  maxHours: 'number',
  atMaxHours: ['stop', 'terminate'],
  monthlyBudgetUsd: 'number',
  atBudget: ['stop'],
  mayLoseData: 'toggle',
  isLowCpuIdle: 'toggle',
}
const ruleNames = Object.keys(rules) as readonly RuleName[]

const DEFAULT = 'default'

/** Shows or changes the rules of a pod; returns the exit code. Throws a `CliExit` with nothing changed. */
export async function podRules(options: RulesOptions): Promise<number> {
  const { control, podQuery, verb, assignments, output } = options
  if (verb === 'get') {
    if (assignments.length > 0) throw usage('To change a rule, run podkeeper rules POD set NAME=VALUE')
    await printRules(await findControlledPod(control, podQuery, output), options)
    return exitCodes.ok
  }
  const values = parseAssignments(assignments)
  const pod = await findControlledPod(control, podQuery, output)
  if (values['atMaxHours'] === 'terminate') await terminateAtMaxHours(pod, values, options)
  else {
    // To allow a loss is confirmed before anything changes; a rule that would cause one stays without it.
    if (values['mayLoseData'] === true && !(await isLossAllowed(pod, options)))
      throw new CliExit(exitCodes.failed, 'Nothing was changed.')
    await change(pod, values, options)
    await reportEffect(pod, values, options)
  }
  await printRules(await findControlledPod(control, pod.id, output), options)
  return exitCodes.ok
}

type RuleValues = Readonly<Partial<Record<RuleName, number | boolean | string | null>>>

function parseAssignments(assignments: readonly string[]): RuleValues {
  if (assignments.length === 0)
    throw usage(`Specify a rule to set, such as maxHours=12. Rules: ${ruleNames.join(', ')}`)
  return Object.fromEntries(
    assignments.map((assignment) => {
      const at = assignment.indexOf('=')
      const [name, typed] = [assignment.slice(0, at), assignment.slice(at + 1)]
      if (at < 1 || !isRuleName(name))
        throw usage(`"${plainText(assignment)}" does not set a rule. Rules: ${ruleNames.join(', ')}`)
      return [name, parseRule(name, typed)]
    }),
  )
}

const isRuleName = (name: string): name is RuleName => Object.hasOwn(rules, name)

function parseRule(name: RuleName, typed: string): number | boolean | string | null {
  if (typed === DEFAULT) return null
  const kind = rules[name]
  const wrong = (must: string): CliExit =>
    usage(`${name} must be ${must}, or ${DEFAULT} to use the account's setting.`)
  if (kind === 'number') {
    const number = typed.trim() === '' ? Number.NaN : Number(typed)
    if (!Number.isFinite(number) || number <= 0) throw wrong('a number above 0')
    return number
  }
  if (kind === 'toggle') {
    if (typed !== 'true' && typed !== 'false') throw wrong('true or false')
    return typed === 'true'
  }
  if (!kind.includes(typed)) throw wrong(kind.join(' or '))
  return typed
}

async function change(pod: ControlledPodView, values: RuleValues, { control }: RulesOptions): Promise<void> {
  const changed = await control.requests.changePodRules(pod.id, values as PodRuleChanges)
  if (!changed.ok) throw refusalExit(changed.error)
}

/** The choice needs the pod's name typed, and is made by itself, so that either all or nothing was done. */
async function terminateAtMaxHours(
  pod: ControlledPodView,
  values: RuleValues,
  { control, confirmName: nameOption, keyboard, output }: RulesOptions,
): Promise<void> {
  if (Object.keys(values).length > 1) throw usage('atMaxHours=terminate must be set on its own.')
  if (pod.rules.maxHours === undefined)
    throw new CliExit(exitCodes.failed, 'Set maximum hours for this pod first. Nothing was changed.')
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
  if (values.isAutoStopped === true && !pod.isAutoStopEnabled) output.progress(NOT_CHOSEN)
  if (pod.isDataKept || pod.rules.mayLoseData === true) return
  const { maxHours, atMaxHours, atBudget } = pod.rules
  const stopsIt = (maxHours !== undefined && atMaxHours !== 'terminate') || atBudget === 'stop'
  const isSetNow = lossRules.some((name) => (values[name] ?? null) !== null)
  if (stopsIt && isSetNow) {
    const isAllowed = await isLossAllowed(pod, options).catch(() => false)
    if (isAllowed) await change(pod, { mayLoseData: true }, options)
    else output.progress('The rule is set, but the pod is not stopped until you allow this data loss.')
  } else if (values.isAutoStopped === true)
    output.progress(`${pod.stopImpactText} It is not stopped unless mayLoseData is true.`)
}

/** They may stop a pod whether or not it was selected. */
const lossRules = ['maxHours', 'atMaxHours', 'atBudget', 'monthlyBudgetUsd'] as const

const NOT_CHOSEN =
  'It is not stopped automatically until you turn on auto-stop for the account: podkeeper auto-stop selected'

/** Whether the user allows what a stop loses, after reading it. */
async function isLossAllowed(pod: ControlledPodView, options: RulesOptions): Promise<boolean> {
  const { allowsDataLoss, keyboard, output } = options
  if (pod.isDataKept) return true
  output.progress(`Stopping ${pod.name}: ${pod.stopImpactText}`)
  if (allowsDataLoss) return true
  if (keyboard === null) {
    output.progress('Without a terminal, use --allow-data-loss to let automatic stops lose this data.')
    return false
  }
  return (await promptLine(keyboard, 'Type yes to let automatic stops lose this data: ')) === 'yes'
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
    output.result(`${padText(name, nameWidth)}  ${String(pod.rules[name] ?? inherited)}`)
  }
}

const rulesJson = (
  { id, name, rules: own, isAutoStopEnabled, keepOn, isDataKept }: ControlledPodView,
  account: NamedAccount,
): unknown => ({
  version: JSON_VERSION,
  account: accountJson(account),
  pod: { id, name },
  rules: Object.fromEntries(ruleNames.map((rule) => [rule, own[rule] ?? null])),
  isAutoStopEnabled,
  isDataKept,
  keepOn: keepOnJson(keepOn),
})

const usage = (message: string): CliExit => new CliExit(exitCodes.usage, message)
