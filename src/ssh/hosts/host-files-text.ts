/** Why OpenSSH can't be configured with pods. */
export const hostFilesText = {
  notWritten: (reason: string): string => `The SSH hosts of your pods could not be written: ${reason}.`,
  addByHand: (reason: string, line: string): string =>
    `~/.ssh/config was not changed: ${reason}. Add this line at its beginning yourself: ${line}`,
  removeByHand: (reason: string, line: string): string =>
    `~/.ssh/config was not changed: ${reason}. Remove this line yourself: ${line}`,
  anotherLine: (path: string): string =>
    `The hosts of your pods were removed. A line in ${path} still includes them, in other words than Podkeeper’s, so it was left alone.`,
  unusableHome: 'The path of your home folder has characters that ssh can’t include.',
  /* Clauses. */
  brokenLink: 'it is a link that leads nowhere',
  noFile: 'it isn’t a file',
  tooLarge: 'it is larger than 1 MB',
  readOnly: 'it is read-only',
  hardLinks: 'it has more than one name (hard links)',
  otherOwner: 'it belongs to another user',
  changed: 'another program changed it at the same moment',
}
