// Which screen: nothing while the host has not answered, then signing in or the main window.

import { lazy, Suspense } from 'react';

import { useSessionQuery } from '#bridge/context.tsx';
import { errorSentence } from '#text/failure.ts';

import { FacesProvider } from './faces.tsx';
import { MainWindow } from './main-window.tsx';
import { StuckScreen } from './stuck-screen.tsx';
import { useTextSizeKeys } from './use-text-size-keys.ts';

/** Seen once; whoever is signed in need not wait for it. */
const SignInScreen = lazy(async () => ({
  default: (await import('#features/sign-in/sign-in-screen.tsx')).SignInScreen,
}));

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
    return (
      <Suspense fallback={null}>
        <SignInScreen key={session.reason} session={session} />
      </Suspense>
    );
  }
  return (
    <FacesProvider key={session.me.id}>
      <MainWindow workspace={session.workspace} keychain={session.keychain} />
    </FacesProvider>
  );
}
