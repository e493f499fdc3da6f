/**
 * Whether `text` matches `pattern`, in which `*` stands for any characters and `?` for one. Case doesn't matter. It takes
 * time in proportion to the product of both lengths, whatever the pattern is.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const [wanted, given] = [pattern, text].map((each) => Array.from(each.normalize('NFC').toLowerCase()))
  if (wanted === undefined || given === undefined) return false
  let [at, from] = [0, 0]
  /** Where the last star was, and up to where it stands for characters. */
  let star: { readonly at: number; readonly upTo: number } | null = null
  while (from < given.length) {
    if (wanted[at] === '*') {
      star = { at, upTo: from }
      at += 1
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[from])) {
      at += 1
      from += 1
    } else if (star !== null) {
      star = { at: star.at, upTo: star.upTo + 1 }
      at = star.at + 1
      from = star.upTo
    } else return false
  }
  return wanted.slice(at).every((each) => each === '*')
}
