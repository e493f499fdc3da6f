import { isObject } from '../../core/base/parse-json'
import type { Page } from '../http/read-pages'

/*
 * The documents of Hubify's API name no fields and contradict each other: some replies are wrapped in `data`, some
 * are not, and names are written in both ways. What is common to all replies is read here.
 */

export type Fields = Readonly<Record<string, unknown>>

const MAX_FIELDS = 500

/** An object with its names in camelCase. A name that is there in both ways keeps its camelCase value. */
export function toCamelCase(value: Readonly<Record<string, unknown>>): Fields {
  const entries = Object.entries(value).slice(0, MAX_FIELDS)
  const renamed = entries.map(([name, field]) => [camelName(name), field] as const)
  const isFilled = (field: unknown): boolean => field !== undefined && field !== null
  const preferred = entries.filter(([name, field]) => camelName(name) === name && isFilled(field))
  return Object.fromEntries([...renamed, ...preferred])
}

const camelName = (name: string): string =>
  name.replace(/(?<=[A-Za-z0-9])_+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** The first of these fields that is neither absent nor null. */
export function fieldOf(fields: Fields, names: readonly string[]): unknown {
  return names.map((name) => fields[name]).find((value) => value !== undefined && value !== null)
}

/** The object that a reply is about, whether or not it is wrapped; null if there is none. */
export function unwrapObject(value: unknown, name: string): Fields | null {
  let inner = value
  for (const wrapper of ['data', name]) {
    if (isObject(inner) && isObject(inner[wrapper])) inner = inner[wrapper]
  }
  return isObject(inner) ? toCamelCase(inner) : null
}

/** The documented length of a page that nobody asked for. */
const DEFAULT_PAGE_LENGTH = 20
const MAX_CURSOR_CHARS = 2_000

/** The entries of a list: `data`, `data.pods`, `pods` (with `name` "pods") or a bare array. Null if it is no list. */
export function parseListPage(value: unknown, name: string): Page | null {
  const entries = findList(value, name)
  if (entries === null) return null
  const info = pageInfo(value)
  const cursor = fieldOf(info, ['nextCursor', 'cursor'])
  const hasMore = fieldOf(info, ['hasMore', 'hasNextPage'])
  const isCursor = typeof cursor === 'string' && cursor !== '' && cursor.length <= MAX_CURSOR_CHARS
  if (hasMore === false) return { entries, nextCursor: null, isComplete: true }
  if (isCursor) return { entries, nextCursor: cursor, isComplete: true }
  // A list that is exactly as long as a page, and doesn't say that it ends, may have been cut off.
  const isCut = hasMore === undefined && cursor === undefined && entries.length === DEFAULT_PAGE_LENGTH
  return { entries, nextCursor: null, isComplete: hasMore === undefined && !isCut && cursor === undefined }
}

function findList(value: unknown, name: string): readonly unknown[] | null {
  if (Array.isArray(value)) return value
  if (!isObject(value)) return null
  const { data } = value
  const candidates = [data, isObject(data) ? data[name] : undefined, value[name]]
  return candidates.find((each) => Array.isArray(each)) ?? null
}

function pageInfo(value: unknown): Fields {
  if (!isObject(value)) return {}
  const data = isObject(value['data']) ? value['data'] : {}
  const places = [value, data, value['pagination'], data['meta'], data['pagination'], value['meta']]
  return Object.assign({}, ...places.map((place) => (isObject(place) ? toCamelCase(place) : {}))) as Fields
}

/** A time as Unix ms: a number (ms, or seconds where it is too small for them) or RFC 3339; null for anything else. */
export function readTime(value: unknown, parseText: (text: string) => number | null): number | null {
  if (typeof value === 'string') return parseText(value)
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  const ms = value < 100_000_000_000 ? value * 1_000 : value
  return ms >= 1_000_000_000_000 && ms <= 8_640_000_000_000_000 ? Math.floor(ms) : null
}
