// Why a session ended, as a sentence.

import { text } from '#text/text.ts';

export function endedSentence(reason: string): string {
  switch (reason) {
    case 'session_ended':
    case 'session_revoked':
    case 'token_expired':
    case 'deactivated':
    case 'keychain_locked':
    case 'keychain_missing':
      return text.signIn.ended[reason];
    default:
      return text.signIn.ended.other;
  }
}
