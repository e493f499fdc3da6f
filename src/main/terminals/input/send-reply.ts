import type { SshShell } from '../../../ssh/connection/ssh-shell'

const MAX_UNSENT_BYTES = 64 * 1024

/**
 * Sends the terminal's reply to a query of a program. It is dropped if much is unsent, typed and pasted input included,
 * so that a program that asks without reading can't fill the memory.
 */
export function sendReply(shell: Pick<SshShell, 'unsentBytes' | 'write'> | null, text: string): void {
  if (shell !== null && text !== '' && shell.unsentBytes() <= MAX_UNSENT_BYTES) shell.write(Buffer.from(text))
}
