/**
 * Whether a symbolic link, whose folder is so many folders below the copied one, leads nowhere outside of it. Its ".."
 * must come first, because behind another link they would start elsewhere. So links of which each holds this can't
 * lead out together.
 */
export function isInnerTarget(target: string, depth: number): boolean {
  if (target === '' || target.startsWith('/') || /[\0\\]/.test(target)) return false
  const parts = target.split('/').filter((part) => part !== '' && part !== '.')
  const up = parts.findIndex((part) => part !== '..')
  const leading = up === -1 ? parts.length : up
  return leading <= depth && !parts.slice(leading).includes('..')
}
