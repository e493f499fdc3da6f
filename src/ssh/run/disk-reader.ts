import { fail, ok, type Result } from '../../core/base/result'
import { diskScript, FOLDERS_S, folderScript, parseDisks, parseFolders } from '../../core/disk/disk-reading'
import type { DiskReader } from '../../core/disk/disk-watch'
import type { AccountId, Pod } from '../../core/pods/pod'
import { toSshTarget } from '../connection/ssh-target'
import type { HostKeyOutlookOf } from '../host-keys/host-key-outlook'
import type { RunCommand } from './run-command'

const READ_MS = 60_000
const FOLDERS_MS = FOLDERS_S * 1_000 + 20_000
const MAX_OUTPUT_BYTES = 64 * 1_024

interface DiskReaderSsh {
  readonly runCommand: RunCommand
  readonly hostKeyOutlookOf: HostKeyOutlookOf
}

/**
 * Reads the disks of an account's pods over SSH, without asking anything, and without connecting where no host key is
 * trusted. See docs/product-rules.md#105-disk-space.
 */
export function createDiskReader(
  accountId: AccountId,
  { runCommand, hostKeyOutlookOf }: DiskReaderSsh,
): DiskReader {
  const never = new AbortController().signal

  async function run(pod: Pod, script: string, limitMs: number): Promise<Result<string, string>> {
    const target = toSshTarget(accountId, pod)
    if (target === null) return fail('it offers no SSH connection')
    // Connecting would only find that out, every ten minutes.
    if (hostKeyOutlookOf(accountId, pod, pod.ssh.direct !== null) === 'unknown')
      return fail("its host key isn't trusted yet")
    const ran = await runCommand(target, { script, limitMs, maxOutputBytes: MAX_OUTPUT_BYTES }, never)
    if (!ran.ok) return fail(ran.error.reason)
    if (ran.value.isCutOff) return fail('its answer is too long')
    // A terminal without stty ends lines like this.
    return ok(ran.value.bytes.toString('utf8').replaceAll('\r\n', '\n'))
  }

  return {
    async read(pod, disks) {
      const output = await run(pod, diskScript(disks), READ_MS)
      return output.ok ? parseDisks(disks, output.value) : output
    },
    async folders(pod, disk) {
      const output = await run(pod, folderScript(disk), FOLDERS_MS)
      return output.ok ? parseFolders(disk, output.value) : output
    },
  }
}
