/**
 * Resolves when this process should end: on Ctrl-C, on a signal, or when the npm process that started it is
 * gone.
 */
export function endOfProcess() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve)
    // A signal sent only to npm ends the shell between npm and this process, which doesn't forward it.
    const parent = process.ppid
    setInterval(() => process.ppid !== parent && resolve(), 1_000).unref()
  })
}
