import { type UpdateTarget, updateTargets } from './release-feed'

/**
 * How this build gets a newer version. `app`: it downloads and installs it. `apt`, `dnf`: the system does, with its other
 * updates. `page`: a person, from a web page.
 */
export type UpdateWay = 'app' | 'apt' | 'dnf' | 'page'

/** What a build knows of its package. */
export interface PackageFacts {
  /** As Node names it. */
  readonly platform: string
  readonly arch: string
  /** False: it runs from a checkout. */
  readonly isPackaged: boolean
  /** What the package says of itself: `deb`, `rpm`, `installer` (of Windows). Null: nothing. */
  readonly packageType: string | null
  /** Whether the system has a source of packages of ours. */
  readonly hasSystemSource: boolean
}

/** See docs/product-rules.md#17-updates. */
export function updateWay(facts: PackageFacts): UpdateWay {
  const { platform, isPackaged, packageType, hasSystemSource } = facts
  if (!isPackaged) return 'page'
  if (platform === 'linux' && hasSystemSource) {
    if (packageType === 'deb') return 'apt'
    if (packageType === 'rpm') return 'dnf'
  }
  const isUpdatable = platform === 'darwin' || (platform === 'win32' && packageType === 'installer')
  return isUpdatable && updateTarget(facts) !== null ? 'app' : 'page'
}

/** Null: the app can't update itself there. */
export const updateTarget = ({
  platform,
  arch,
}: Pick<PackageFacts, 'platform' | 'arch'>): UpdateTarget | null =>
  updateTargets.find((target) => target === `${platform}-${arch}`) ?? null
