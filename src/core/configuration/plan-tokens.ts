import { type ApiToken, isTokenExpired, MAX_TOKENS, parseExpiry, tokenRoles } from '../pods-api/api-token'
import {
  comparableName,
  type ConfigurationInput,
  type ConfigurationLine,
  type ConfigurationProblem,
  lineOf,
  type PlannedSection,
  repeatedNames,
  type TokenFields,
  type TokenStep,
} from './configuration-plan'

/** `isOnly`: tokens that the file doesn't name are revoked. */
export function planTokens(
  { file, current, nowMs }: ConfigurationInput,
  isOnly: boolean,
): PlannedSection<readonly TokenStep[]> {
  const entries = file.tokens ?? []
  const lines: ConfigurationLine[] = []
  const problems: ConfigurationProblem[] = [...repeatedNames(['tokens'], entries)]
  const steps: TokenStep[] = []
  const kept = new Set<string>()
  entries.forEach((entry, at) => {
    const { name, accounts, pods: podNames = null, maxHourlyUsd = null, expires } = entry
    const { scopes: given, role } = entry
    if ((given === undefined) === (role === undefined))
      problems.push({ path: ['tokens', at], message: 'It needs either scopes or a role.' })
    const scopes = inOrder([...new Set(given ?? (role === undefined ? [] : tokenRoles[role]))])
    const expiry = expires === undefined ? undefined : parseExpiry(expires)
    if (expiry === null)
      problems.push({
        path: ['tokens', at, 'expires'],
        message: 'It must be a time such as 12h or 30d, or never.',
      })
    if (maxHourlyUsd !== null && !scopes.includes('pods:write'))
      problems.push({
        path: ['tokens', at, 'maxHourlyUsd'],
        message: 'It limits new pods, so the token needs the scope pods:write.',
      })
    if (maxHourlyUsd !== null && podNames !== null)
      problems.push({
        path: ['tokens', at, 'maxHourlyUsd'],
        message: 'It limits new pods, and a token for some pods creates none.',
      })
    const accountIds = accounts?.map((account, index) => {
      const found = current.accounts.find((each) => comparableName(each.name) === comparableName(account))
      if (found === undefined)
        problems.push({
          path: ['tokens', at, 'accounts', index],
          message: `There is no account “${account}”.`,
        })
      return found?.id ?? ''
    })
    const fields: TokenFields = { name, scopes, accountIds: accountIds ?? null, maxHourlyUsd, podNames }
    const token = current.tokens.find((each) => comparableName(each.name) === comparableName(name))
    if (token !== undefined) kept.add(token.id)
    const isExpired = token !== undefined && isTokenExpired(token, nowMs)
    const before = token && { ...shown(fieldsOf(token), current), ...(isExpired && { isExpired }) }
    const changed = lineOf(`tokens.${name}`, before, shown(fields, current))
    if (changed.length === 0) return
    lines.push(...changed)
    const lifetime = typeof expiry !== 'object' && expiry !== undefined && { expiry }
    if (token === undefined) steps.push({ kind: 'add', fields, ...lifetime })
    else if (isExpired) steps.push({ kind: 'renew', id: token.id, fields, ...lifetime })
    else steps.push({ kind: 'change', id: token.id, fields })
  })
  if (isOnly)
    for (const token of current.tokens.filter(({ id }) => !kept.has(id))) {
      lines.push(...lineOf(`tokens.${token.name}`, shown(fieldsOf(token), current), undefined))
      steps.push({ kind: 'revoke', id: token.id, fields: fieldsOf(token) })
    }
  const count = (kind: TokenStep['kind']): number => steps.filter((step) => step.kind === kind).length
  if (current.tokens.length + count('add') - count('revoke') > MAX_TOKENS)
    problems.push({ path: ['tokens'], message: `There can be ${MAX_TOKENS} tokens at most.` })
  return { lines, problems, steps }
}

const fieldsOf = ({ name, scopes, accountIds, maxHourlyUsd, podNames }: ApiToken): TokenFields => ({
  name,
  scopes: inOrder(scopes),
  accountIds,
  maxHourlyUsd,
  podNames,
})

function shown(
  { scopes, accountIds, maxHourlyUsd, podNames }: TokenFields,
  { accounts }: ConfigurationInput['current'],
): object {
  const nameOf = (id: string): string => accounts.find((each) => each.id === id)?.name ?? id
  return {
    scopes,
    accounts: accountIds === null ? 'all' : inOrder(accountIds.map(nameOf)),
    ...(podNames !== null && { pods: inOrder(podNames) }),
    ...(maxHourlyUsd !== null && { maxHourlyUsd }),
  }
}

const inOrder = <T extends string>(texts: readonly T[]): readonly T[] => [...texts].sort()
