import { plainText } from '../base/text/plain-text'
import type { ConfirmationLine } from '../confirmation/confirmation'
import type { Question } from '../confirmation/question-queue'

/* Questions about the server that keeps an account. See docs/product-rules.md#166-kept-by-a-server. */

const plain = (text: string): ConfirmationLine => ({ tone: 'plain', text })
const bad = (text: string): ConfirmationLine => ({ tone: 'bad', text })

/** The address is typed in this window, so that no page chooses who acts for an account. */
export function serverAddressQuestion(
  accountName: string,
  problem: (typed: string) => string | null,
): Question {
  return {
    text: {
      title: `Let a server manage ${plainText(accountName)}?`,
      lines: [
        bad('From then on, only the server stops these pods by rules, sends alerts and starts jobs.'),
        plain('The rules that are set here hold nothing until you disconnect it.'),
        plain('Whoever runs podkeeper serve there gives you the address and a token.'),
      ],
      warning: null,
      field: {
        label: 'Type its address, such as https://pods.example.org',
        isSecret: false,
        acceptedInputs: null,
      },
      confirmLabel: 'Continue',
      // Enter counts only once something is typed.
      isHarmful: false,
      isDestructive: false,
    },
    problem,
  }
}

export function serverTokenQuestion(host: string, problem: (typed: string) => string | null): Question {
  return {
    text: {
      title: `Your token for ${plainText(host)}`,
      lines: [
        plain('It is sent to this server only, after its certificate was checked.'),
        plain('It is kept in servers.json, which only you can read, because commands use it, too.'),
      ],
      warning: null,
      field: { label: 'Paste the token. It begins with pkp_.', isSecret: true, acceptedInputs: null },
      confirmLabel: 'Connect',
      isHarmful: false,
      isDestructive: false,
    },
    problem,
  }
}

/** `why`: a sentence. */
export function serverCertificateQuestion(host: string, why: string): Question {
  return {
    text: {
      title: `Choose a certificate for ${plainText(host)}?`,
      lines: [
        bad(plainText(why)),
        plain('If it has a certificate of its own, choose the PEM file that you got from whoever runs it.'),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Choose file…',
      isHarmful: false,
      isDestructive: false,
    },
  }
}

export function disconnectServerQuestion(accountName: string, host: string): Question {
  return {
    text: {
      title: `Disconnect ${plainText(accountName)} from ${plainText(host)}?`,
      lines: [
        bad('This computer stops pods and sends alerts again, by the rules that are set here.'),
        plain('The server continues as before. Your token for it is erased here.'),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Disconnect',
      isHarmful: true,
      isDestructive: false,
    },
  }
}
