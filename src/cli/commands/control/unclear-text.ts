import { LOOKED_FOR } from '../../../core/changes/change-runner'
import type { Control } from '../../account/open-control'

/** Texts for a change whose effect is not known. A command that acts itself doesn't look for it after its end. */
export const unclearText = (message: string, { isRemote }: Pick<Control, 'isRemote'>): string =>
  isRemote ? message : message.replace(LOOKED_FOR, 'Podkeeper no longer looks for it.')
