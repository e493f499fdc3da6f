/**
 * What of a field's value stays in a recording. A value of another kind than its rule names, and every field without a
 * rule, gets a stand-in.
 *
 * - `number`, `flag`: a number or a boolean stays.
 * - `word`: a text stays if the vocabulary has it.
 * - `time`: a time becomes one relative to the recording's start.
 * - `refusal`: of an API's message only stays that it says a permission is missing.
 * - `stand-in`: nothing stays; equal values get the same numbered word, such as "pod-1".
 * - `money`: an amount of the account, of which nothing stays but that it is a number.
 */
export type FieldRule =
  | { readonly kind: 'number' | 'flag' | 'time' | 'refusal' | 'money' }
  | { readonly kind: 'word'; readonly isWord: (text: string) => boolean; readonly called: StandInName }
  | { readonly kind: 'stand-in'; readonly called: StandInName }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, FieldRule>> }
  | { readonly kind: 'list'; readonly item: FieldRule }
  /** An object whose keys are a user's own. */
  | { readonly kind: 'map'; readonly key: StandInName; readonly value: FieldRule }

/** What stand-ins are called. Hosts get names that exist nowhere. */
export const standInNames = [
  'pod',
  'name',
  'account',
  'volume',
  'image',
  'registry',
  'host',
  'port',
  'user',
  'path',
  'variable',
  'value',
  'key',
  'cursor',
  'cluster',
  'template',
  'line',
  'id',
  'word',
  'text',
  'field',
] as const
export type StandInName = (typeof standInNames)[number]

export const keepNumber: FieldRule = { kind: 'number' }
export const keepFlag: FieldRule = { kind: 'flag' }
export const keepTime: FieldRule = { kind: 'time' }
export const refusal: FieldRule = { kind: 'refusal' }
export const money: FieldRule = { kind: 'money' }
export const standIn = (called: StandInName): FieldRule => ({ kind: 'stand-in', called })
export const fields = (known: Readonly<Record<string, FieldRule>>): FieldRule => ({
  kind: 'object',
  fields: known,
})
export const list = (item: FieldRule): FieldRule => ({ kind: 'list', item })

/** A text stays if it is one of these words. */
export const words = (known: readonly string[], called: StandInName = 'word'): FieldRule => ({
  kind: 'word',
  isWord: (text) => known.includes(text),
  called,
})

/** A text stays if it has this form, which leaves no room for anything of a user's own. */
export const form = (pattern: RegExp, called: StandInName = 'word'): FieldRule => ({
  kind: 'word',
  isWord: (text) => pattern.test(text),
  called,
})
