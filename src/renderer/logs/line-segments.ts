import type { LogLine, TextRange } from '../../core/logs/log-line'

export interface LineSegment {
  readonly text: string
  /** Style names, and "hit" where it was searched for; '' for plain text. */
  readonly className: string
}

/** The parts of a line that look alike. `hits`: ranges that are marked. */
export function lineSegments(
  { text, styles = [] }: Pick<LogLine, 'text' | 'styles'>,
  hits: readonly TextRange[],
): readonly LineSegment[] {
  if (styles.length === 0 && hits.length === 0) return [{ text, className: '' }]
  const borders = [
    ...new Set([
      0,
      text.length,
      ...styles.flatMap(({ from, to }) => [from, to]),
      ...hits.flatMap(({ from, to }) => [from, to]),
    ]),
  ]
    .filter((border) => border >= 0 && border <= text.length)
    .sort((a, b) => a - b)
  const segments: LineSegment[] = []
  let styleIndex = 0
  let hitIndex = 0
  for (const [index, from] of borders.entries()) {
    const to = borders[index + 1]
    if (to === undefined) break
    while ((styles[styleIndex]?.to ?? Number.POSITIVE_INFINITY) <= from) styleIndex += 1
    while ((hits[hitIndex]?.to ?? Number.POSITIVE_INFINITY) <= from) hitIndex += 1
    const style = styles[styleIndex]
    const hit = hits[hitIndex]
    const names = style !== undefined && style.from <= from ? style.names.map((name) => `sgr-${name}`) : []
    const isHit = hit !== undefined && hit.from <= from
    segments.push({ text: text.slice(from, to), className: [...names, ...(isHit ? ['hit'] : [])].join(' ') })
  }
  return segments
}
