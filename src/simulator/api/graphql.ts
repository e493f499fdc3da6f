import { errorText } from '../../core/base/text/error-text'
import { json, type Reply } from '../http/reply'
import { lastStatusChange } from '../world/pod-record'
import type { World } from '../world/world'

/** A parsed selection: field → its own selection, or null for a leaf. */
type FieldSelection = Map<string, FieldSelection | null>

/** Why a field has no value. */
export interface FieldError {
  readonly message: string
  readonly code: string
}

/**
 * Answers `query { myself { … } }` and `query { pod(input: { podId: "…" }) { … } }` with the requested fields, for a valid
 * key of this account. Fields with an error are null, and the reply has data and errors.
 */
export function handleGraphql(
  body: string,
  world: World,
  accountId: string,
  fieldErrors: ReadonlyMap<string, FieldError>,
): Reply {
  const asked = queryOf(body)
  const podId = /\bpod\s*\(\s*input:\s*\{\s*podId:\s*"([^"]*)"\s*\}\s*\)/.exec(asked ?? '')
  const query = asked?.replace(podId?.[0] ?? '', 'pod') ?? null
  if (query === null) return graphqlError('request body needs a query', 400)
  const open = query.indexOf('{')
  const words = open < 0 ? [] : (query.slice(open).match(/[{}]|\w+/g) ?? [])
  words.shift()
  const selection = parseSelection(words)
  if (selection === null) return graphqlError('Syntax Error: Unexpected <EOF>.', 400)
  const spendPerHourUsd = world.spendPerHourUsd()
  const { ledger } = world
  const nowMs = world.nowMs()
  const pod = world.record(podId?.[1] ?? '')
  const root = {
    pod: pod && {
      id: pod.id,
      lastStatusChange: lastStatusChange(pod, nowMs, (ms) => world.time.toWallMs(ms)),
    },
    myself: {
      id: accountId,
      email: 'someone@example.invalid',
      clientBalance: world.balanceUsd(),
      currentSpendPerHr: spendPerHourUsd,
      spendLimit: 80,
      notifyLowBalance: true,
      notifyPodsStale: true,
      notifyPodsGeneral: true,
      spendDetails: {
        localStoragePerHour: ledger.perHourUsd(nowMs, ['disk']),
        networkStoragePerHour: ledger.perHourUsd(nowMs, ['storage-standard', 'storage-high-performance']),
        gpuComputePerHour: spendPerHourUsd,
      },
    },
  }
  try {
    const errors: unknown[] = []
    const isDenied = (path: readonly string[]): boolean => {
      const error = fieldErrors.get(path.at(-1) ?? '')
      if (error !== undefined) errors.push({ message: error.message, path, extensions: { code: error.code } })
      return error !== undefined
    }
    const data = selectFields(root, selection, [], isDenied)
    return json({ data, ...(errors.length > 0 && { errors }) })
  } catch (error) {
    return graphqlError(errorText(error), 200)
  }
}

/** A GraphQL error, which usually has status 200. */
export function graphqlError(message: string, status: number): Reply {
  return json({ errors: [{ message }] }, status)
}

function queryOf(body: string): string | null {
  try {
    const value: unknown = JSON.parse(body)
    const query: unknown = (value as { query?: unknown } | null)?.query
    return typeof query === 'string' ? query : null
  } catch {
    return null
  }
}

/** Reads words up to the closing brace; null if it is missing. */
function parseSelection(words: string[]): FieldSelection | null {
  const selection: FieldSelection = new Map()
  for (;;) {
    const word = words.shift()
    if (word === undefined || word === '{') return null
    if (word === '}') return selection
    if (words[0] !== '{') {
      selection.set(word, null)
      continue
    }
    words.shift()
    const inner = parseSelection(words)
    if (inner === null) return null
    selection.set(word, inner)
  }
}

function selectFields(
  value: Readonly<Record<string, unknown>>,
  asked: FieldSelection,
  path: readonly string[],
  isDenied: (path: readonly string[]) => boolean,
): unknown {
  return Object.fromEntries(
    [...asked].map(([field, inner]) => {
      if (!Object.hasOwn(value, field)) throw new Error(`Cannot query field "${field}".`)
      const found = value[field]
      const isObject = typeof found === 'object' && found !== null
      if (isObject && inner === null) throw new Error(`Field "${field}" needs a selection of subfields.`)
      const fieldPath = [...path, field]
      if (isDenied(fieldPath)) return [field, null]
      return [
        field,
        isObject && inner !== null
          ? selectFields(found as Record<string, unknown>, inner, fieldPath, isDenied)
          : found,
      ]
    }),
  )
}
