import { formatMoment } from '../../../core/base/text/format'

export const backupText = {
  exists: (path: string) => `${path} is there already, and no file is replaced. Nothing was written.`,
  notMade: (why: string) => `The backup could not be made: ${why}. Nothing was written.`,
  made: (path: string, count: number) =>
    `${path} has ${count === 1 ? '1 file' : `${count} files`} of the data folder, readable for you only.`,
  hasSecrets:
    'It has API keys, addresses of channels and values of variables as plain text: whoever reads it can use them.',
  leftOut:
    'It has no API keys, addresses of channels or values of variables. Use --with-secrets to include them.',
  inKeyring: (count: number) =>
    count === 1
      ? '1 key or secret is in the system keyring of this computer and can’t be moved. Enter it again after a restore.'
      : `${count} keys or secrets are in the system keyring of this computer and can’t be moved. Enter them again after a restore.`,
  notRead: (path: string, why: string) => `${path} can’t be read: ${why}. Nothing was changed.`,
  noFile: 'it does not exist',
  refused: (why: string) => `${why} Nothing was changed.`,
  inUse: (who: string) => `${who} End it first; nothing was changed.`,
  replaces: 'This replaces settings, rules, channels, tokens, queue, costs and activity in',
  ask: 'Type yes to restore: ',
  needsYes: 'Without a terminal, use --yes. Nothing was changed.',
  notRestored: (why: string, folder: string) =>
    `The restore failed: ${why}. What was in ${folder} is there, or in a folder in it that begins with before-restore.`,
  restored: (madeAtMs: number, nowMs: number) =>
    `The backup of ${formatMoment(madeAtMs, { nowMs })} was restored.`,
  aside: (path: string) => `What was there before is in ${path}.`,
  queue:
    'The queue is paused, and its jobs are held, because they may have run since. Look at podkeeper queue list, release the jobs that you want with podkeeper queue release JOB, then run podkeeper queue resume.',
} as const
