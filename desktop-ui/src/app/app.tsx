// Which screen: nothing while the host has not answered, then signing in or the main window.

import { useSessionQuery } from '#bridge/context.tsx';
import { SignInScreen } from '#features/sign-in/sign-in-screen.tsx';
import { errorSentence } from '#text/failure.ts';

import { MainWindow } from './main-window.tsx';
import { StuckScreen } from './stuck-screen.tsx';

export function App() {
  const { data: session, error, refetch } = useSessionQuery();
  if (error !== null) {
    return <StuckScreen sentence={errorSentence(error)} onTryAgain={() => void refetch()} />;
  }
  if (session === undefined) {
    return null;
  }
  if (session.phase === 'signed_out') {
    return <SignInScreen key={session.reason} session={session} />;
  }
  return <MainWindow key={session.me.id} workspace={session.workspace} keychain={session.keychain} />;
}
