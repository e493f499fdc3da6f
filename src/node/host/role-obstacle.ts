import type { Impediment } from '../../core/obstacles/obstacle'
import { holderText, type LockRole } from '../data-folder/lock/folder-lock'

/** Why a program in this role only reads its data folder; null: it acts, or doesn't know its role yet. */
export function roleObstacle(role: LockRole, isActing: boolean): Impediment | null {
  if (isActing) return null
  switch (role.kind) {
    case 'passive':
      return { code: 'folder-held', why: `${holderText(role.holder)} sends alerts and acts` }
    case 'unsupported-format':
      return { code: 'folder-format', why: asClause(role.problem) }
    case 'unlocked':
      return { code: 'folder-unusable', why: asClause(role.problem) }
    case 'claiming':
    case 'active':
      return null
  }
}

const asClause = (problem: string): string => problem.charAt(0).toLowerCase() + problem.slice(1)
