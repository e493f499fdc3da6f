import type { AccountRules } from '../../core/pod-rules/pod-rules'
import { parseAccountRules } from '../../core/pod-rules/pod-rules-codec'
import type { AppConfig } from '../../core/settings/config-schema'

/**
 * The rules of each account, parsed once for each content of the file: every pod asks for them several times in a poll.
 * `reportProblem` gets a sentence on each value that can't be read.
 */
export function createParsedRules(reportProblem: (text: string) => void) {
  let parsedFrom: AppConfig['guards'] | null = null
  const parsed = new Map<string, AccountRules>()
  return (guards: AppConfig['guards'], accountId: string): AccountRules => {
    if (parsedFrom !== guards) parsed.clear()
    parsedFrom = guards
    const known = parsed.get(accountId)
    if (known !== undefined) return known
    const { rules, problems } = parseAccountRules(guards, accountId)
    problems.forEach(reportProblem)
    parsed.set(accountId, rules)
    return rules
  }
}
