import { formatNumber } from '../../../core/base/text/format'
import { MAX_ENTRIES } from '../../../core/files/transfer-plan'
import { errorCode } from '../../../node/data-folder/files/error-code'
import { SftpError } from '../sftp/sftp-error'

/** Why one file is not copied, as a clause. Others may be. */
export class FileProblem extends Error {}
/** Why nothing more can be copied, as a clause. */
export class TransferProblem extends Error {}
/** That the pod can't be reached. */
export class UnreachableProblem extends TransferProblem {}

/** On these, other files fail as well. */
const fatalCodes = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']
const codeTexts: Readonly<Record<string, string>> = {
  ENOSPC: 'this computer’s disk is full',
  EDQUOT: 'your quota on this computer’s disk is used up',
  EROFS: 'this computer’s disk is read-only',
  EACCES: 'access was denied on this computer',
  EPERM: 'access was denied on this computer',
  ENAMETOOLONG: 'its path is too long for this computer',
}

/** Throws what is no problem of a transfer, but a bug. */
export function clauseOf(error: unknown): string {
  if (error instanceof SftpError || error instanceof FileProblem || error instanceof TransferProblem)
    return error.message
  const code = errorCode(error)
  if (code === undefined) throw error
  return codeTexts[code] ?? `this computer could not do it (${code})`
}

export function sentenceOf(error: unknown): string {
  if (error instanceof SftpError && error.kind === 'too-many')
    return `There are more than ${formatNumber(MAX_ENTRIES)} files. Nothing was copied.`
  const clause = clauseOf(error)
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`
}

/** Whether no other file can be copied either. */
export const endsAll = (error: unknown): boolean =>
  error instanceof SftpError
    ? error.isOfConnection || error.kind === 'malformed'
    : error instanceof TransferProblem || fatalCodes.includes(errorCode(error) ?? '')

/** Passes on what ends the transfer, and bugs. */
export function ifOfFile<T>(otherwise: T): (error: unknown) => T {
  return (error) => {
    if (endsAll(error)) throw error
    clauseOf(error)
    return otherwise
  }
}
