/* What Electron gives a utility process, over the channel of Node's `fork`. Imported before the terminal process. */
Object.assign(process, {
  parentPort: {
    postMessage: (message: unknown) => process.send?.(message),
    on: (_name: 'message', listener: (event: { readonly data: unknown }) => void) =>
      process.on('message', (data) => listener({ data })),
  },
})
