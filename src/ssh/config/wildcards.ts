/** `*` stands for any characters, `?` for one, as in `known_hosts` and ssh_config(5). */
export function matches(text: string, pattern: string): boolean {
  return matchesUnits(text, pattern.split(''))
}

/** As glob(7) has it for the name of one file: `[a-z]` and `[!a-z]` too, and what is hidden has to be asked for. */
export function matchesName(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false
  return matchesUnits(name, pattern.match(/\[[!^][^][^\]]*\]|\[[^!^][^\]]*\]|[^]/g) ?? [])
}

/** In one pass: a pattern of many stars must not take for ever. */
function matchesUnits(text: string, units: readonly string[]): boolean {
  let [at, in_] = [0, 0]
  let [star, retry] = [-1, 0]
  while (at < text.length) {
    if (units[in_] === '*') {
      star = in_++
      retry = at
    } else if (isOne(text.charAt(at), units[in_])) {
      at++
      in_++
    } else if (star !== -1) {
      in_ = star + 1
      at = ++retry
    } else return false
  }
  while (units[in_] === '*') in_++
  return in_ === units.length
}

function isOne(char: string, unit: string | undefined): boolean {
  if (unit === undefined || unit.length < 2) return unit === '?' || unit === char
  const isExcluding = /^\[[!^]/.test(unit)
  const ranges = unit.slice(isExcluding ? 2 : 1, -1).match(/[^]-[^]|[^]/g) ?? []
  const isIn = ranges.some((range) => range.charAt(0) <= char && char <= range.charAt(range.length - 1))
  return isIn !== isExcluding
}
