import { describe, expect, it } from 'vitest'
import { ok } from '../../../../src/core/base/result'
import { guardScript } from '../../../../src/core/pod-guard/guard-script'
import type { Question } from '../../../../src/core/confirmation/question-queue'
import { createPodGuardChanges } from '../../../../src/main/account/requests/pod-guard-requests'
import { pod as podOf } from '../../../harness/samples/pods'

const script = guardScript('https://api.runpod.io/v2') ?? ''

function setUp(answer: boolean, changesMeanwhile = false) {
  const calls: string[] = []
  const questions: Question[] = []
  let pod = podOf({
    id: 'p',
    name: 'llama',
    startedAtMs: 5,
    persistentMount: { sizeGb: 100, path: '/workspace' },
  })
  const call = (name: string) => (podId: string, wish?: string) => {
    calls.push([name, podId, ...(wish === undefined ? [] : [wish])].join(' '))
    return Promise.resolve(ok(undefined))
  }
  const monitor = {
    accountPods: () => ({ accountId: 'a', pods: [pod] }),
    podGuardScript: () => script,
    installPodGuard: call('install'),
    refreshPodGuard: call('refresh'),
    removePodGuard: call('remove'),
    provePodGuard: call('prove'),
    forgetInPodGuard: call('forget'),
    snapshot: () => ({ pods: [{ id: 'p', guardInPod: { others: [{ id: 'bb', name: 'lab-server' }] } }] }),
    postStartPodGuard: (podId: string, isOn: boolean) => call('post-start')(podId, String(isOn)),
    guardNewPods: (wish: string | null) => call('new pods')(wish ?? 'none'),
  }
  const ask = (question: Question) => {
    questions.push(question)
    if (changesMeanwhile) pod = { ...pod, persistentMount: null }
    return Promise.resolve(ok(answer ? '' : null))
  }
  const changes = createPodGuardChanges(
    { monitor: (id: string) => (id === 'a' ? monitor : null) } as never,
    ask,
    () => null,
  )
  return { changes, calls, questions }
}

describe('a request about the guard in a pod', () => {
  it('installs it only after the whole script and what a stop loses were confirmed in the app’s own window', async () => {
    const { changes, calls, questions } = setUp(true)
    expect(await changes.changePodGuard('a/p', 'stop')).toEqual(ok(undefined))
    expect(questions).toHaveLength(1)
    const { text } = questions[0]!
    expect(text.title).toBe('Install a guard in llama?')
    expect(text.script).toBe(script)
    const lines = text.lines.map((line) => line.text).join('\n')
    expect(lines).toContain('even if no warning reaches you')
    expect(lines).toContain('A stop: Keeps /workspace (100 GB')
    expect(calls).toEqual(['install p stop'])
  })

  it('says that it stops nothing where it only reports', async () => {
    const { changes, calls, questions } = setUp(true)
    await changes.changePodGuard('a/p', 'report')
    expect(questions[0]!.text.lines.map((line) => line.text).join('\n')).toContain('It never stops the pod.')
    expect(calls).toEqual(['install p report'])
  })

  it('is installed in new pods once that was confirmed with the script, and no longer without asking', async () => {
    const { changes, calls, questions } = setUp(true)
    expect(await changes.changePodGuard('a/p', 'new-pods-stop')).toEqual(ok(undefined))
    const { text } = questions[0]!
    expect([text.title, text.script]).toEqual(['Install a guard in each new pod?', script])
    expect(text.lines.map((line) => line.text).join('\n')).toContain('it only reports')
    await changes.changePodGuard('a/p', 'no-new-pods')
    expect(calls).toEqual(['new pods stop', 'new pods none'])
    const declined = setUp(false)
    await declined.changes.changePodGuard('a/p', 'new-pods-stop')
    expect(declined.questions).toHaveLength(1)
    expect(declined.calls).toEqual([])
  })

  it('starts with the container once that was confirmed with the lines, and no longer without asking', async () => {
    const { changes, calls, questions } = setUp(true)
    expect(await changes.changePodGuard('a/p', 'post-start')).toEqual(ok(undefined))
    const { text } = questions[0]!
    expect(text.title).toBe('Start the guard with the container of llama?')
    expect(text.script).toMatch(/^# >>> .*\nif \[ -f .*\n# <<< /)
    await changes.changePodGuard('a/p', 'no-post-start')
    expect(calls).toEqual(['post-start p true', 'post-start p false'])
    const declined = setUp(false)
    await declined.changes.changePodGuard('a/p', 'post-start')
    expect([declined.questions.length, declined.calls]).toEqual([1, []])
  })

  it('removes what another computer set only after that was confirmed by its name, and nothing of one it does not show', async () => {
    const { changes, calls, questions } = setUp(true)
    expect(await changes.changePodGuard('a/p', 'forget:bb')).toEqual(ok(undefined))
    expect(questions[0]!.text.title).toBe('Remove what lab-server set in the guard of llama?')
    expect(await changes.changePodGuard('a/p', 'forget:cc')).toMatchObject({ ok: false })
    const declined = setUp(false)
    await declined.changes.changePodGuard('a/p', 'forget:bb')
    expect([calls, declined.calls]).toEqual([['forget p bb'], []])
  })

  it('does nothing where it is declined, or where the pod changed meanwhile', async () => {
    const declined = setUp(false)
    expect(await declined.changes.changePodGuard('a/p', 'stop')).toEqual(ok(undefined))
    const changed = setUp(true, true)
    expect(await changed.changes.changePodGuard('a/p', 'stop')).toMatchObject({ ok: false })
    expect([...declined.calls, ...changed.calls]).toEqual([])
  })

  it('has it stop the pod only once that was confirmed, and reads and removes it without asking', async () => {
    const declined = setUp(false)
    await declined.changes.changePodGuard('a/p', 'prove')
    expect(declined.questions[0]!.text.title).toBe('Stop llama?')
    await declined.changes.changePodGuard('a/p', 'refresh')
    await declined.changes.changePodGuard('a/p', 'remove')
    expect(declined.questions).toHaveLength(1)
    expect(declined.calls).toEqual(['refresh p', 'remove p'])
    const proved = setUp(true)
    await proved.changes.changePodGuard('a/p', 'prove')
    expect(proved.calls).toEqual(['prove p'])
    expect(await proved.changes.changePodGuard('b/p', 'stop')).toMatchObject({ ok: false })
  })
})
