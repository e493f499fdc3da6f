import {
  type AutoStopMode,
  type GroupRules,
  type GroupRuleValues,
  noGroupRules,
  type PatternRule,
} from '../pod-rules/pod-rules'
import { podRuleProblem } from '../pod-rules/pod-rules-validation'
import type { Settings } from '../settings/settings'
import type { ConfigChange } from './config-change'
import { autoStopNames, type Configuration } from './configuration'
import {
  comparableName,
  type ConfigurationInput,
  type ConfigurationLine,
  type ConfigurationProblem,
  lineOf,
  type PlannedSection,
  repeatedNames,
} from './configuration-plan'

export interface AccountSteps {
  readonly changes: ConfigChange['accounts']
  readonly allowedLosses: readonly string[]
}

type GivenAccount = NonNullable<Configuration['accounts']>[string]

const autoStopName = (mode: AutoStopMode): string | undefined =>
  Object.entries(autoStopNames).find(([, each]) => each === mode)?.[0]

/** `settings`: those that will apply. `isOnly`: rules for several pods that the file doesn't name are removed. */
export function planAccounts(
  { file, current }: ConfigurationInput,
  settings: Settings,
  isOnly: boolean,
): PlannedSection<AccountSteps> {
  const lines: ConfigurationLine[] = []
  const problems: ConfigurationProblem[] = []
  const changes: [string, ConfigChange['accounts'][string]][] = []
  const allowedLosses: string[] = []
  for (const [name, given] of Object.entries(file.accounts ?? {})) {
    const account = current.accounts.find((each) => comparableName(each.name) === comparableName(name))
    if (account === undefined) {
      const names = current.accounts.map((each) => each.name).join(', ')
      problems.push({
        path: ['accounts', name],
        message: `There is no account of this name.${names === '' ? '' : ` There are: ${names}.`}`,
      })
      continue
    }
    if (account.keptBy !== undefined) {
      problems.push({
        path: ['accounts', name],
        message: `The server ${account.keptBy} keeps this account. Set its rules there, with podkeeper apply or rules on that computer.`,
      })
      continue
    }
    problems.push(...accountProblems(name, given, settings))
    const before = account.rules.groupRules ?? noGroupRules
    const after = nextRules(before, given, isOnly)
    const mode = given.autoStop === undefined ? account.rules.autoStop : autoStopNames[given.autoStop]
    const place = `accounts.${account.name}`
    const changed = [
      ...lineOf(`${place}.autoStop`, autoStopName(account.rules.autoStop), autoStopName(mode)),
      ...ruleLines(place, before, after),
    ]
    lines.push(...changed)
    allowedLosses.push(...newLosses(account.name, before, after))
    const areRulesChanged = JSON.stringify(before) !== JSON.stringify(after)
    if (mode === account.rules.autoStop && !areRulesChanged && account.rules.areGroupRulesUnreadable !== true)
      continue
    changes.push([
      account.id,
      {
        ...(mode !== 'undecided' && mode !== account.rules.autoStop && { autoStop: mode }),
        groupRules: after,
      },
    ])
  }
  return { lines, problems, steps: { changes: Object.fromEntries(changes), allowedLosses } }
}

function accountProblems(
  name: string,
  { allPods = {}, rules = [] }: GivenAccount,
  settings: Settings,
): readonly ConfigurationProblem[] {
  const path = ['accounts', name]
  const problemOf = (values: GroupRuleValues): string | null => podRuleProblem(values, values, settings)
  const ofAll = problemOf(valuesOf(allPods))
  return [
    ...(ofAll === null ? [] : [{ path: [...path, 'allPods'], message: ofAll }]),
    ...rules.flatMap((rule, index) => {
      const { name: _, match: __, ...values } = rule
      const message = Object.keys(values).length === 0 ? 'This rule sets nothing.' : problemOf(values)
      return message === null ? [] : [{ path: [...path, 'rules', index], message }]
    }),
    ...repeatedNames([...path, 'rules'], rules),
  ]
}

/** Without those that are null. */
const valuesOf = (given: NonNullable<GivenAccount['allPods']>): GroupRuleValues =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))

/** Rules of the file come first, in its order. */
function nextRules(before: GroupRules, { allPods, rules }: GivenAccount, isOnly: boolean): GroupRules {
  const given = rules ?? []
  const isNamed = ({ name }: PatternRule): boolean =>
    given.some((rule) => comparableName(rule.name) === comparableName(name))
  return {
    allPods: valuesOf({ ...(isOnly ? {} : before.allPods), ...allPods }),
    patterns: isOnly ? given : [...given, ...before.patterns.filter((rule) => !isNamed(rule))],
  }
}

function ruleLines(place: string, before: GroupRules, after: GroupRules): readonly ConfigurationLine[] {
  const names = [...new Set([...Object.keys(before.allPods), ...Object.keys(after.allPods)])]
  const ofAll = names.flatMap((name) =>
    lineOf(
      `${place}.allPods.${name}`,
      before.allPods[name as keyof GroupRuleValues],
      after.allPods[name as keyof GroupRuleValues],
    ),
  )
  const rules = [...new Set([...after.patterns, ...before.patterns].map(({ name }) => name))]
  const contentOf = ({ patterns }: GroupRules, name: string): unknown => {
    const rule = patterns.find((each) => each.name === name)
    if (rule === undefined) return undefined
    const { name: _, ...content } = rule
    return content
  }
  const ofPatterns = rules.flatMap((name) =>
    lineOf(`${place}.rules.${name}`, contentOf(before, name), contentOf(after, name)),
  )
  const orderOf = ({ patterns }: GroupRules): readonly string[] => patterns.map(({ name }) => name)
  const order =
    ofPatterns.length === 0 ? lineOf(`${place}.rules (order)`, orderOf(before), orderOf(after)) : []
  return [...ofAll, ...ofPatterns, ...order]
}

/** What a person has to agree to: see docs/product-rules.md#31-rules. A permission for other pods is a new one. */
function newLosses(account: string, before: GroupRules, after: GroupRules): readonly string[] {
  const isAllowed = (rule: PatternRule): boolean =>
    before.patterns.some(
      (each) => each.mayLoseData === true && JSON.stringify(each.match) === JSON.stringify(rule.match),
    )
  const ofPatterns = after.patterns
    .filter((rule) => rule.mayLoseData === true && !isAllowed(rule))
    .map(({ name, match }) => `pods of ${account} that match rule “${name}” (${JSON.stringify(match)})`)
  const isForAll = after.allPods.mayLoseData === true && before.allPods.mayLoseData !== true
  return [...(isForAll ? [`all pods of ${account}`] : []), ...ofPatterns]
}
