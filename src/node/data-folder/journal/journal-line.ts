import { createHash } from 'node:crypto'

/**
 * The line of a record. It ends with a digest of what comes before it, because a changed digit is valid JSON too; a
 * migration that changes a line gives it a new one.
 */
export function journalLine(recorded: object): string {
  const json = JSON.stringify(recorded)
  return `${json.slice(0, -1)},"digest":"${digestOf(json)}"}\n`
}

const DIGEST = /,"digest":"([0-9a-f]{16})"\}$/

/** Whether a line has its digest, and that is right. */
export function isIntact(line: string): boolean {
  const [end, digest] = DIGEST.exec(line) ?? []
  return end !== undefined && digestOf(`${line.slice(0, -end.length)}}`) === digest
}

const digestOf = (json: string): string => createHash('sha256').update(json).digest('hex').slice(0, 16)

/** Whether a crash cut off a line like this, rather than something else having damaged it. */
export const isCutOff = (line: string): boolean => line.startsWith('{') && !line.includes('\0')
