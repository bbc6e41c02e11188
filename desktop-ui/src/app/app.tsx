// Which screen: nothing while the host has not answered, then signing in or the main window.

import { useSessionQuery } from '#bridge/context.tsx';
import { SignInScreen } from '#features/sign-in/sign-in-screen.tsx';
import { errorSentence } from '#text/failure.ts';

import { FacesProvider } from './faces.tsx';
import { MainWindow } from './main-window.tsx';
import { StuckScreen } from './stuck-screen.tsx';
import { useTextSizeKeys } from './use-text-size-keys.ts';

export function App() {
  const { data: session, error, refetch } = useSessionQuery();
  useTextSizeKeys();
  if (error !== null) {
    return <StuckScreen sentence={errorSentence(error)} onTryAgain={() => void refetch()} />;
  }
  if (session === undefined) {
    return null;
  }
  if (session.phase === 'signed_out') {
    return <SignInScreen key={session.reason} session={session} />;
  }
  return (
    <FacesProvider key={session.me.id}>
      <MainWindow workspace={session.workspace} keychain={session.keychain} />
    </FacesProvider>
  );
}
