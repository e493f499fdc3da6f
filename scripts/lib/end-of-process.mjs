/** Resolves when this process is asked to end: Ctrl-C, a signal, or the end of the npm that started it. */
export function endOfProcess() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve)
    // A signal to npm alone ends the shell between npm and this process, which does not pass it on.
    const parent = process.ppid
    setInterval(() => process.ppid !== parent && resolve(), 1_000).unref()
  })
}
