import { fail, ok } from '../../core/base/result'
import { type Pod, type PodKey, podNotListedText } from '../../core/pods/pod'
import { snippetProblem } from '../../core/terminal/snippets'
import type { HandlersOf } from '../../shared/ipc'
import type { SnippetRequests } from '../../shared/requests/snippet-requests'
import type { AppStore } from './app-store'

/** `findPod`: the pod as last observed; null: not listed. */
export function createSnippetHandlers(
  { snippets }: Pick<AppStore, 'snippets'>,
  findPod: (podKey: PodKey) => Pod | null,
): HandlersOf<SnippetRequests> {
  return {
    snippets: () => ok(snippets.load()),
    saveSnippets(changed) {
      const problem = changed.map(snippetProblem).find((one) => one !== null)
      return problem === undefined ? snippets.save(changed) : fail(problem)
    },
    snippetValues(podKey) {
      const pod = findPod(podKey)
      if (pod === null) return fail(podNotListedText)
      const { id, name, phase, ssh } = pod
      const endpoint = phase === 'running' ? (ssh.direct ?? ssh.proxy) : null
      return ok({
        id,
        name,
        host: endpoint?.host ?? null,
        port: endpoint === null ? null : String(endpoint.port),
      })
    },
  }
}
