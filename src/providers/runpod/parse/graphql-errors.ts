import { isObject } from '../../../core/base/parse-json'
import { apiErrorText, type ResponseError } from '../../http/response'

/** What a query asks for, as the text of a missing permission names it. */
const fieldNames: ReadonlyMap<unknown, string> = new Map([
  ['myself', 'the account (myself)'],
  ['id', 'the account’s id (id)'],
  ['clientBalance', 'the balance (clientBalance)'],
  ['currentSpendPerHr', 'the account’s own rate (currentSpendPerHr)'],
])

/** The error of a whole response; null without errors. Of fields that the key may not read, it names the permission. */
export function graphqlFault(json: unknown): ResponseError | null {
  const errors = errorsOf(json)
  if (errors.length === 0) return null
  const denied = permissionProblem(json)
  if (denied !== null) return { kind: 'forbidden', message: denied }
  return { kind: 'invalid', message: apiErrorText({ errors }) || 'The query was refused.' }
}

/** The permission that the key lacks by the errors beside a response's data, as a sentence; null where none says so. */
export function permissionProblem(json: unknown): string | null {
  if (!isObject(json) || !isObject(json['data'])) return null
  const denied = errorsOf(json)
    .filter(isDenied)
    .flatMap(({ path }) => fieldNames.get(Array.isArray(path) ? path.at(-1) : undefined) ?? [])
  return denied.length === 0
    ? null
    : `Your key has no permission to read ${[...new Set(denied)].join(' and ')}.`
}

function errorsOf(json: unknown): readonly unknown[] {
  return isObject(json) && Array.isArray(json['errors']) ? json['errors'] : []
}

function isDenied(error: unknown): error is Readonly<Record<string, unknown>> {
  if (!isObject(error)) return false
  const { extensions, message } = error
  const code = isObject(extensions) ? extensions['code'] : undefined
  return [code, message].some(
    (text) => typeof text === 'string' && /unauth|forbidden|permission|not allowed|denied/i.test(text),
  )
}
