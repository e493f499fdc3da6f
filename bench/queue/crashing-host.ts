import type { JobHost } from '../../src/core/queue/host/job-host'
import type { FakePodHost } from '../../test/harness/job-host'

/** Requests of a program that may be killed before and after each of them. A request on its way still arrives. */
export function crashingHost(
  host: FakePodHost,
  survives: () => boolean,
  isAlive: () => boolean,
  forever: Promise<never>,
): JobHost {
  async function unlessKilled<T>(send: () => Promise<T>): Promise<T> {
    if (!survives()) return forever
    const reply = await send()
    return isAlive() && survives() ? reply : forever
  }
  return {
    start: (target, launch) => unlessKilled(() => host.start(target, launch)),
    read: (target, jobIds) => unlessKilled(() => host.read(target, jobIds)),
    readLog: (target, jobId, fromByte, maxBytes) => host.readLog(target, jobId, fromByte, maxBytes),
    cancel: (target, jobId) => unlessKilled(() => host.cancel(target, jobId)),
    listResults: (target, jobId, globs) => host.listResults(target, jobId, globs),
    fetchResult: (target, jobId, file, folder) => host.fetchResult(target, jobId, file, folder),
  }
}
