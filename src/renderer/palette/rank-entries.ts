import type { PaletteEntry, PodCommandEntry } from './palette-entry'
import { paletteWords } from './palette-words-text'

/** Matches of a word of the query, the best last: none, an other word's beginning, a whole other word, and of a label. */
const OTHER_BEGINNING = 1
const OTHER_WORD = 2
const LABEL_BEGINNING = 3
const LABEL_WORD = 4

const fillers: ReadonlySet<string> = new Set(paletteWords.fillers.split(' '))

/** The words of a text in lower case: letters and digits, separated by anything else. */
const textWords = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** Words of a query; `optional` are those that say nothing, such as "please". */
interface PaletteQuery {
  readonly required: readonly string[]
  readonly optional: readonly string[]
}

/** Where a query has only words that say nothing, they are all there is to match. */
function parseQuery(text: string): PaletteQuery {
  const words = textWords(text)
  const required = words.filter((word) => !fillers.has(word))
  return required.length === 0
    ? { required: words, optional: [] }
    : { required, optional: words.filter((word) => fillers.has(word)) }
}

/** How well `word` is found in the words of a label, or in `others`: 0 where it begins none of them. */
function wordScore(word: string, label: readonly string[], others: readonly string[] = []): number {
  if (label.includes(word)) return LABEL_WORD
  if (label.some((one) => one.startsWith(word))) return LABEL_BEGINNING
  if (others.includes(word)) return OTHER_WORD
  return others.some((one) => one.startsWith(word)) ? OTHER_BEGINNING : 0
}

/** The mean of its words' scores, and a little for optional words; 0 where a required word is not found. */
function queryScore(
  { required, optional }: PaletteQuery,
  label: readonly string[],
  others: readonly string[] = [],
): number {
  if (required.length === 0) return 0
  const scores = required.map((word) => wordScore(word, label, others))
  if (scores.includes(0)) return 0
  const extra = optional.filter((word) => label.includes(word)).length
  return scores.reduce((sum, score) => sum + score, 0) / scores.length + extra / 100
}

/** Commands before pods, pods before what has their names in its label, and settings last. */
const groups: Readonly<Record<PaletteEntry['kind'], number>> = {
  command: 0,
  verb: 0,
  'pod-command': 1,
  pod: 2,
  place: 3,
  setting: 4,
}
const UNSURE_GROUP = 5
/** Of labels that begin with a word of the query. */
const FIRST_WORD_FACTOR = 1.1

interface EntryWords {
  readonly label: readonly string[]
  readonly others: readonly string[]
  /** Of the pod that it is for. */
  readonly name: readonly string[]
}

const wordsByEntry = new WeakMap<PaletteEntry, EntryWords>()

function wordsOf(entry: PaletteEntry): EntryWords {
  const known = wordsByEntry.get(entry)
  if (known !== undefined) return known
  const isForPod = entry.kind === 'pod-command'
  const words = {
    label: textWords(isForPod ? entry.verb : entry.label),
    others: textWords(entry.keywords ?? ''),
    name: isForPod ? textWords(entry.podName) : [],
  }
  wordsByEntry.set(entry, words)
  return words
}

const verbWords = Object.entries(paletteWords.verbs).flatMap((words) => textWords(words.join(' ')))

interface Match {
  readonly entry: PaletteEntry
  /** Lower stands first. */
  readonly group: number
  readonly score: number
  readonly words: number
}

/**
 * The entries that match `query`, the best first. Each of its words has to begin a word of the entry; words that say
 * nothing ("please") don't. Commands for one pod need both named. What stops, restarts, starts or deletes stands after
 * all others unless exactly one pod is named. With an empty query: `recentIds`, and all others but commands for one
 * pod, in their original order.
 */
export function rankEntries(
  entries: readonly PaletteEntry[],
  text: string,
  recentIds: readonly string[] = [],
): readonly PaletteEntry[] {
  const query = parseQuery(text)
  if (query.required.length === 0) {
    const recent = recentIds.flatMap((id) => entries.find((entry) => entry.id === id) ?? [])
    const rest = entries.filter((entry) => entry.kind !== 'pod-command' && !recent.includes(entry))
    return [...recent, ...rest]
  }
  const names = podNames(entries)
  const podCommands = entries.flatMap((entry) =>
    entry.kind === 'pod-command' ? podCommandMatch(entry, query, names) : [],
  )
  const verbsOf = (isSure: boolean) =>
    podCommands.flatMap((match) => (match.isSure === isSure ? match.entry.verbId : []))
  const sureVerbs = new Set(verbsOf(true))
  const ambiguousVerbs = new Set(verbsOf(false).filter((id) => !sureVerbs.has(id)))
  const others = entries.flatMap((entry) => plainMatch(entry, query, ambiguousVerbs))
  const found: readonly Match[] = [...others, ...podCommands]
  return [...(found.length > 0 ? found : podsOfUnavailable(entries, query))]
    .sort(
      (a, b) =>
        a.group - b.group ||
        b.score - a.score ||
        Number(isCareful(a.entry)) - Number(isCareful(b.entry)) ||
        a.words - b.words,
    )
    .map(({ entry }) => entry)
}

/** Entries whose commands need no pod to be named: those of a level. Careful ones stand after others that match as well. */
export function rankLevel(entries: readonly PodCommandEntry[], text: string): readonly PodCommandEntry[] {
  const query = parseQuery(text)
  if (query.required.length === 0) return entries
  return entries
    .flatMap((entry) => {
      const score = queryScore(query, textWords(entry.label), textWords(entry.keywords ?? ''))
      return score === 0 ? [] : [{ entry, score }]
    })
    .sort((a, b) => b.score - a.score || Number(a.entry.isCareful) - Number(b.entry.isCareful))
    .map(({ entry }) => entry)
}

const isCareful = (entry: PaletteEntry): boolean => entry.kind === 'pod-command' && entry.isCareful

function podNames(entries: readonly PaletteEntry[]): readonly (readonly string[])[] {
  return entries.flatMap((entry) => (entry.kind === 'pod' ? [wordsOf(entry).label] : []))
}

function plainMatch(
  entry: PaletteEntry,
  query: PaletteQuery,
  ambiguousVerbs: ReadonlySet<string>,
): readonly Match[] {
  if (entry.kind === 'pod-command') return []
  const { label, others } = wordsOf(entry)
  const group = groups[entry.kind]
  const isFirst = entry.kind !== 'setting' && query.required.some((word) => word === label[0])
  const score = queryScore(query, label, others) * (isFirst ? FIRST_WORD_FACTOR : 1)
  const words = entry.kind === 'command' || entry.kind === 'verb' ? label.length : 0
  if (score > 0) return [{ entry, group, score, words }]
  // "stop llama" where several pods are called so: which one is asked.
  return entry.kind === 'verb' && ambiguousVerbs.has(entry.verbId) ? [{ entry, group, score, words }] : []
}

/** `isSure`: it may stand first. */
function podCommandMatch(
  entry: PodCommandEntry,
  { required, optional }: PaletteQuery,
  names: readonly (readonly string[])[],
): readonly (Match & { readonly entry: PodCommandEntry; readonly isSure: boolean })[] {
  const { label: verb, others, name } = wordsOf(entry)
  const scores = required.map((word) => wordScore(word, verb, others))
  const naming = required.filter((_, at) => scores[at] === 0)
  if (naming.length === 0 || naming.length === required.length) return []
  if (!naming.every((word) => wordScore(word, name) > 0)) return []
  const isSure = !entry.isCareful || isOnlyPod(naming, [...naming, ...optional], name, names)
  const score = scores.reduce((sum, one) => sum + one, 0) / (required.length - naming.length)
  const group = isSure ? groups['pod-command'] : UNSURE_GROUP
  return [{ entry, group, score, words: verb.length, isSure }]
}

/** Whether these words name no other pod, or are the whole name of one only. */
function isOnlyPod(
  naming: readonly string[],
  spoken: readonly string[],
  name: readonly string[],
  names: readonly (readonly string[])[],
): boolean {
  const named = names.filter((one) => naming.every((word) => wordScore(word, one) > 0))
  if (named.length === 1) return true
  const isWhole = (one: readonly string[]) =>
    one.length <= spoken.length && one.every((word) => spoken.includes(word))
  return isWhole(name) && named.filter(isWhole).length === 1
}

/** Where the command that is named can't be done now: the pods that are named with it. */
function podsOfUnavailable(entries: readonly PaletteEntry[], { required }: PaletteQuery): readonly Match[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== 'pod') return []
    const name = wordsOf(entry).label
    const named = required.filter((word) => wordScore(word, name) > 0).length
    const isFound =
      named > 0 && required.every((word) => wordScore(word, name) > 0 || wordScore(word, verbWords) > 0)
    return isFound ? [{ entry, group: 0, score: named, words: 0 }] : []
  })
}
