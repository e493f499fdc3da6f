import type { Result } from '../../core/base/result'
import { createDownloadSide } from '../../ssh/files/sides/download-side'
import { entryAt } from '../../ssh/files/sides/remote-files'
import type { TransferSide } from '../../ssh/files/sides/transfer-side'
import { uploadSide } from '../../ssh/files/sides/upload-side'
import { TransferProblem } from '../../ssh/files/session/transfer-problems'
import {
  transfer,
  type TransferFailure,
  type TransferOptions,
  type TransferSummary,
} from '../../ssh/files/transfer'
import { filesText } from './files-text'

export interface CopyBetweenOptions extends Omit<TransferOptions, 'side' | 'resumes'> {
  readonly direction: 'upload' | 'download'
}

/** Copies into a folder that must be there, continuing what was left. Loaded with the first transfer. */
export const copyBetween = (options: CopyBetweenOptions): Promise<Result<TransferSummary, TransferFailure>> =>
  transfer({
    ...options,
    resumes: true,
    side: options.direction === 'upload' ? uploadToFolder : createDownloadSide(),
  })

/** A single source would get the name of a folder that isn't there. */
const uploadToFolder: TransferSide = {
  ...uploadSide,
  async select(session, sources, destination) {
    const there = await entryAt(destination || '.', session.sftp.stat)
    if (there?.kind !== 'folder') throw new TransferProblem(filesText.noFolder(destination))
    return uploadSide.select(session, sources, destination)
  },
}
