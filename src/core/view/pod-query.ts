/* What a person types to filter pods: words, and limits of their price. */

/** A limit of the price per hour: "> $5". */
interface PriceLimit {
  readonly operator: '>' | '>=' | '<' | '<='
  readonly usdPerHour: number
}

export interface PodQuery {
  /** In lower case. Each must be found. */
  readonly words: readonly string[]
  readonly limits: readonly PriceLimit[]
}

/** What can be found of a pod. */
export interface QueryFacts {
  /** Its name, hardware and place; a word may be any part of them. */
  readonly texts: readonly (string | null)[]
  /** The words for its state, of which the beginning may be typed. */
  readonly states: readonly string[]
  /** Null: not known, which is within no limit. */
  readonly usdPerHour: number | null
}

const LIMIT = /(?:^|\s)(>=|<=|≥|≤|>|<)\s*\$?(\d+(?:\.\d*)?|\.\d+)(?:\/hr?)?(?=\s|$)/g
/** A limit that is still being typed. */
const UNFINISHED = /^(?:>=|<=|[<>≥≤])?\$?$/
const OPERATORS: Readonly<Record<string, PriceLimit['operator']>> = { '≥': '>=', '≤': '<=' }
/** Shorter beginnings of a state would find too much. */
const MIN_STATE_CHARS = 3

/** "h100 idle > $5": two words and a limit. See docs/product-rules.md#71-windows. */
export function parsePodQuery(text: string): PodQuery {
  const limits: PriceLimit[] = []
  const rest = text.toLowerCase().replace(LIMIT, (_, operator: string, usd: string) => {
    limits.push({
      operator: OPERATORS[operator] ?? (operator as PriceLimit['operator']),
      usdPerHour: Number(usd),
    })
    return ' '
  })
  return { words: rest.split(/\s+/).filter((word) => word !== '' && !UNFINISHED.test(word)), limits }
}

export const isEmptyQuery = ({ words, limits }: PodQuery): boolean => words.length + limits.length === 0

/** Whether each word and limit of the query is met. */
export function matchesPodQuery(
  { words, limits }: PodQuery,
  { texts, states, usdPerHour }: QueryFacts,
): boolean {
  const text = texts.join('\n').toLowerCase()
  const isState = (word: string): boolean =>
    word.length >= MIN_STATE_CHARS && states.some((state) => state.startsWith(word))
  return (
    words.every((word) => text.includes(word) || isState(word)) &&
    limits.every((limit) => usdPerHour !== null && isWithin(usdPerHour, limit))
  )
}

function isWithin(usd: number, { operator, usdPerHour }: PriceLimit): boolean {
  switch (operator) {
    case '>':
      return usd > usdPerHour
    case '>=':
      return usd >= usdPerHour
    case '<':
      return usd < usdPerHour
    case '<=':
      return usd <= usdPerHour
  }
}
