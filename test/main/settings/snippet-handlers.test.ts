import { expect, it } from 'vitest'
import { ok, type Result } from '../../../src/core/base/result'
import { podKeyOf } from '../../../src/core/pods/pod'
import type { Snippet } from '../../../src/core/terminal/snippets'
import { createSnippetHandlers } from '../../../src/main/settings/snippet-handlers'
import { pod, stoppedPod } from '../../harness/samples/pods'

function setUp(
  listed = pod({ ssh: { direct: { host: '10.0.0.1', port: 11_827, username: 'root' }, proxy: null } }),
) {
  let stored: readonly Snippet[] = []
  const snippets = {
    load: () => stored,
    save(changed: readonly Snippet[]): Result<void, string> {
      stored = changed
      return ok(undefined)
    },
  }
  const key = podKeyOf('a', listed.id)
  return {
    key,
    stored: () => stored,
    handlers: createSnippetHandlers({ snippets }, (podKey) => (podKey === key ? listed : null)),
  }
}

it('snippets are saved all or none: one that no shell could be trusted with is refused', async () => {
  const { handlers, stored } = setUp()
  const good = { name: 'a', command: 'ls {pod.name}' }
  expect(handlers.saveSnippets([good])).toEqual(ok(undefined))
  expect(handlers.saveSnippets([good, { name: 'b', command: 'ls "{pod.name}"' }])).toMatchObject({
    ok: false,
  })
  expect(handlers.saveSnippets([{ name: 'b', command: 'ls\nrm -rf /' }])).toMatchObject({ ok: false })
  expect(stored()).toEqual([good])
})

it('the address of a pod is filled in while it runs, and that of no other pod', () => {
  const { handlers, key } = setUp()
  expect(handlers.snippetValues(key)).toMatchObject({ value: { host: '10.0.0.1', port: '11827' } })
  expect(handlers.snippetValues(podKeyOf('a', 'other'))).toMatchObject({ ok: false })
  const stopped = setUp(stoppedPod())
  expect(stopped.handlers.snippetValues(stopped.key)).toMatchObject({ value: { host: null, port: null } })
})
