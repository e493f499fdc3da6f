/** `*` matches any characters and `?` matches one, as in `known_hosts` and ssh_config(5). */
export function matchesWildcard(text: string, pattern: string): boolean {
  return matchesUnits(text, pattern.split(''))
}

/**
 * Wildcards as in glob(7) for one file name: `[a-z]` and `[!a-z]` are supported, and hidden files must be
 * matched explicitly.
 */
export function matchesFileName(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false
  return matchesUnits(name, pattern.match(/\[[!^][^][^\]]*\]|\[[^!^][^\]]*\]|[^]/g) ?? [])
}

/** Matches in one pass, so that a pattern with many stars cannot cause exponential backtracking. */
function matchesUnits(text: string, units: readonly string[]): boolean {
  let [textIndex, unitIndex] = [0, 0]
  let [starIndex, retryIndex] = [-1, 0]
  while (textIndex < text.length) {
    if (units[unitIndex] === '*') {
      starIndex = unitIndex++
      retryIndex = textIndex
    } else if (matchesUnit(text.charAt(textIndex), units[unitIndex])) {
      textIndex++
      unitIndex++
    } else if (starIndex !== -1) {
      unitIndex = starIndex + 1
      textIndex = ++retryIndex
    } else return false
  }
  while (units[unitIndex] === '*') unitIndex++
  return unitIndex === units.length
}

function matchesUnit(char: string, unit: string | undefined): boolean {
  if (unit === undefined || unit.length < 2) return unit === '?' || unit === char
  const isExcluding = /^\[[!^]/.test(unit)
  const ranges = unit.slice(isExcluding ? 2 : 1, -1).match(/[^]-[^]|[^]/g) ?? []
  const isIn = ranges.some((range) => range.charAt(0) <= char && char <= range.charAt(range.length - 1))
  return isIn !== isExcluding
}
