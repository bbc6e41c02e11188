// The settings that somebody may need before anybody is signed in: how the server is reached, and help.

import { Cable, LifeBuoy } from 'lucide-react';
import { useState } from 'react';

import { ConnectionPage } from '#features/settings/connection-page.tsx';
import { SettingsScreen } from '#features/settings/settings-screen.tsx';
import { SupportPage } from '#features/settings/support-page.tsx';
import { text } from '#text/text.ts';

export function EarlySettings({ onClose }: { onClose: () => void }) {
  const [place, setPlace] = useState<'connection' | 'support'>('connection');
  const places = [
    { id: 'connection' as const, title: text.connectionSettings.title, icon: Cable, page: () => <ConnectionPage /> },
    { id: 'support' as const, title: text.support.title, icon: LifeBuoy, page: () => <SupportPage /> },
  ];
  return (
    <SettingsScreen
      groups={[{ title: text.settings.yours, places }]}
      place={place}
      onPlace={setPlace}
      onClose={onClose}
    />
  );
}
