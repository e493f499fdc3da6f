import { formatBytes } from '../../core/base/text/format'

export const diskPanelText = {
  title: 'Disk space',
  measure: 'Largest folders',
  measureOf: (disk: string): string => `Largest folders of the ${disk}`,
  measuring: 'Measuring…',
  folders: (disk: string): string => `Largest folders of the ${disk}`,
  measured: (bytes: number): string => `${formatBytes(bytes)} in all files`,
  hide: 'Hide folders',
  noFolders: 'It has no folders.',
  notRead: (why: string): string => `Not known: ${why}.`,
  read: 'Read now',
  readOf: (pod: string): string => `Read now: disks of ${pod}`,
  notReadNow: 'Disk space not read',
  notYet: 'Not read yet. Podkeeper reads it every 10 min over SSH, once you trust the pod’s host key.',
  notMeasured: 'Folders not measured',
  lineOf: (disk: string, from: number, to: number): string =>
    `Use of the ${disk}, from ${from}% to ${to}% in the time that was observed`,
}
