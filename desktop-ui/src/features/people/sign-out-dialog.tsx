// Asks before signing out, and says what would be lost.

import { useConnection } from '#bridge/context.tsx';
import { errorSentence } from '#text/failure.ts';
import { text } from '#text/text.ts';
import { Question } from '#ui/dialog.tsx';

import { useSignOut, useUnsentCount } from './queries.ts';

export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const connection = useConnection();
  const unsent = useUnsentCount(connection?.state === 'offline' ? connection.unsent : 0);
  const signOut = useSignOut();
  return (
    <Question
      title={text.signOut.title}
      lead={unsent > 0 ? text.signOut.unsent(unsent) : text.signOut.ask}
      confirm={unsent > 0 ? text.signOut.confirmUnsent : text.signOut.confirm}
      error={signOut.isError ? errorSentence(signOut.error) : undefined}
      busy={signOut.isPending}
      onConfirm={() => signOut.mutate()}
      onClose={onClose}
    />
  );
}
