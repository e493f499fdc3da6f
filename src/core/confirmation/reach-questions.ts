import { shortName } from '../pods/pod-name'
import type { PortForward } from '../ports/port-forward'
import { bad, plain } from './confirmation'
import type { NamedPod } from './file-questions'
import { podLine } from './pod-questions'
import type { Question } from './question-queue'

/* Questions before something of a pod is reached from this computer. See docs/product-rules.md#132-ports. */

/** About a port that main didn't choose. */
export function localPortQuestion(pod: NamedPod, { remotePort, localPort }: PortForward): Question {
  return {
    text: {
      title: `Use port ${localPort} of this computer for ${shortName(pod.name)}?`,
      lines: [
        podLine(pod, pod.accountName),
        plain(`127.0.0.1:${localPort} leads to port ${remotePort} of the pod.`),
        bad(
          `Programs and pages that expect another service at port ${localPort} reach the pod instead. Agree only if you chose this port.`,
        ),
        plain('Podkeeper asks once: the port is kept with the pod until you remove it.'),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Use port',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** `address`: of the page, at the provider's proxy. */
export function podPageQuestion(pod: NamedPod, address: string): Question {
  return {
    text: {
      title: `Open a page of ${shortName(pod.name)} in your browser?`,
      lines: [
        podLine(pod, pod.accountName),
        plain(address),
        plain('What runs on the pod decides what the page shows.'),
        plain('Podkeeper opens this address without asking until it quits.'),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Open page',
      isHarmful: true,
      isDestructive: false,
    },
  }
}
