// Which screen: nothing while the host has not answered, then signing in or the main window.

import { lazy, Suspense, useState } from 'react';
import { I18nProvider } from 'react-aria-components';

import { useSessionQuery } from '#bridge/context.tsx';
import { errorSentence } from '#text/failure.ts';
import { useLanguage } from '#text/text.ts';

import { FacesProvider } from './faces.tsx';
import { MainWindow } from './main-window.tsx';
import { StuckScreen } from './stuck-screen.tsx';
import { useLinks } from './use-links.ts';
import { useQuitKey } from './use-quit.ts';
import { useTextSizeKeys } from './use-text-size-keys.ts';
import { useWordsOutside } from './use-words-outside.ts';

/** Seen once; whoever is signed in need not wait for it. */
const SignInScreen = lazy(async () => ({
  default: (await import('#features/sign-in/sign-in-screen.tsx')).SignInScreen,
}));

/** The settings that somebody may need before there is a connection. */
const EarlySettings = lazy(async () => ({ default: (await import('./early-settings.tsx')).EarlySettings }));

/** Draws again, and all of it, when another language is spoken. */
export function App() {
  const { locale } = useLanguage();
  return (
    <I18nProvider locale={locale}>
      <Screen />
    </I18nProvider>
  );
}

function Screen() {
  const { data: session, error, refetch } = useSessionQuery();
  const [link, linkOpened] = useLinks();
  const [isSettings, setSettings] = useState(false);
  useTextSizeKeys();
  useQuitKey();
  useWordsOutside();
  if (error !== null) {
    return <StuckScreen sentence={errorSentence(error)} onTryAgain={() => void refetch()} />;
  }
  if (session === undefined) {
    return null;
  }
  if (session.phase === 'signed_out') {
    return (
      <Suspense fallback={null}>
        <SignInScreen
          key={`${session.reason} ${link}`}
          session={session}
          invitation={link ?? ''}
          onConnectionSettings={() => setSettings(true)}
        />
        {isSettings && <EarlySettings onClose={() => setSettings(false)} />}
      </Suspense>
    );
  }
  return (
    <FacesProvider key={session.me.id}>
      <MainWindow
        workspace={session.workspace}
        keychain={session.keychain}
        link={link}
        onLinkOpened={linkOpened}
      />
    </FacesProvider>
  );
}
