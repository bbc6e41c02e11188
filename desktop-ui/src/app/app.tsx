// Which screen: nothing while the host has not answered, then signing in or the main window.

import { useSession } from '#bridge/context.tsx';
import { SignInScreen } from '#features/sign-in/sign-in-screen.tsx';

import { MainWindow } from './main-window.tsx';

export function App() {
  const session = useSession();
  if (session === undefined) {
    return null;
  }
  if (session.phase === 'signed_out') {
    return <SignInScreen key={session.reason} session={session} />;
  }
  return <MainWindow key={session.me.id} workspace={session.workspace} keychain={session.keychain} />;
}
