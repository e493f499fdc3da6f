import { isObject, parseJson } from '../../../core/base/parse-json'

/*
 * What a container is started with. Runpod keeps it as one text: a line as for a shell, or the JSON of two lists. As
 * that text it goes through the app, so that another pod starts exactly like this one.
 */

const lists = ['entrypoint', 'cmd'] as const

type StartLists = Readonly<Partial<Record<(typeof lists)[number], readonly string[]>>>

/** The lists that a text stands for; null if it is a line as for a shell. */
export function startLists(args: string): StartLists | null {
  const value = args.trimStart().startsWith('{') ? parseJson(args) : null
  if (!isObject(value) || Object.keys(value).length === 0) return null
  return Object.entries(value).every(([name, list]) => isListName(name) && isTextList(list)) ? value : null
}

/** The text of a reply, or that which its lists stand for where it has none; null if neither is there. */
export function argsOf(reply: Readonly<Record<string, unknown>>): string | null {
  const { args } = reply
  if (typeof args === 'string' && args !== '') return args
  const given = lists.flatMap((name) => (isTextList(reply[name]) ? [[name, reply[name]] as const] : []))
  const filled = given.filter(([, list]) => list.length > 0)
  if (filled.length > 0) return JSON.stringify(Object.fromEntries(filled))
  return args === '' || given.length > 0 ? '' : null
}

const isListName = (name: string): boolean => lists.some((each) => each === name)

const isTextList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')
