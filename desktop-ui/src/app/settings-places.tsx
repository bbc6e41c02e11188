// Everything that can be set, in the groups and the order in which the settings show it. The pages about the workspace
// are for administrators; whoever stops being one sees them go.

import {
  Bell,
  Building2,
  Cable,
  CircleArrowUp,
  Info,
  Laptop,
  LifeBuoy,
  MailPlus,
  Palette,
  ScrollText,
  SlidersHorizontal,
  UserRound,
  Users,
} from 'lucide-react';
import { useState } from 'react';

import { useMe } from '#bridge/context.tsx';
import { AuditPage } from '#features/administration/audit-page.tsx';
import { InvitationsPage } from '#features/administration/invitations-page.tsx';
import { PeoplePage } from '#features/administration/people-page.tsx';
import { WorkspacePage } from '#features/administration/workspace-page.tsx';
import { AboutPage } from '#features/settings/about-page.tsx';
import { AppearancePage } from '#features/settings/appearance-page.tsx';
import { ConnectionPage } from '#features/settings/connection-page.tsx';
import { DevicesPage } from '#features/settings/devices-page.tsx';
import { NotificationsPage } from '#features/settings/notifications-page.tsx';
import { OrganisationPage } from '#features/settings/organisation-page.tsx';
import { ProfilePage } from '#features/settings/profile-page.tsx';
import { SettingsScreen, type SettingsGroup } from '#features/settings/settings-screen.tsx';
import { SupportPage } from '#features/settings/support-page.tsx';
import { UpdatesPage } from '#features/settings/updates-page.tsx';
import { Markdown } from '#features/timeline/markdown.tsx';
import { text } from '#text/text.ts';

export type Place =
  | 'profile'
  | 'notifications'
  | 'devices'
  | 'appearance'
  | 'updates'
  | 'connection'
  | 'support'
  | 'organisation'
  | 'about'
  | 'people'
  | 'invitations'
  | 'workspace'
  | 'audit';

interface SettingsPlacesProps {
  onClose: () => void;
  onSignOut: () => void;
  /** Where it opens. */
  first?: Place | undefined;
}

export function SettingsPlaces({ onClose, onSignOut, first = 'profile' }: SettingsPlacesProps) {
  const { role } = useMe();
  const [place, setPlace] = useState<Place>(first);
  const everyone = [yours(), computer()];
  const groups = role === 'administrator' ? [...everyone, workspace(() => setPlace('invitations'))] : everyone;
  return <SettingsScreen groups={groups} place={place} onPlace={setPlace} onClose={onClose} onSignOut={onSignOut} />;
}

/** Notes of a version are written as messages are, and trusted as little. */
const drawNotes = (notes: string) => <Markdown body={notes} />;

function yours(): SettingsGroup<Place> {
  const say = text.settings;
  return {
    title: say.yours,
    places: [
      { id: 'profile', title: say.profile.title, icon: UserRound, page: () => <ProfilePage /> },
      { id: 'notifications', title: text.notifications.title, icon: Bell, page: () => <NotificationsPage /> },
      { id: 'devices', title: say.devices.title, icon: Laptop, page: () => <DevicesPage /> },
      { id: 'appearance', title: say.appearance.title, icon: Palette, page: () => <AppearancePage /> },
    ],
  };
}

function computer(): SettingsGroup<Place> {
  return {
    title: text.settings.computer,
    places: [
      { id: 'updates', title: text.updates.title, icon: CircleArrowUp, page: () => <UpdatesPage draw={drawNotes} /> },
      { id: 'connection', title: text.connectionSettings.title, icon: Cable, page: () => <ConnectionPage /> },
      { id: 'support', title: text.support.title, icon: LifeBuoy, page: () => <SupportPage /> },
      { id: 'organisation', title: text.organisation.title, icon: Building2, page: () => <OrganisationPage /> },
      { id: 'about', title: text.settings.about.title, icon: Info, page: () => <AboutPage /> },
    ],
  };
}

function workspace(onInvite: () => void): SettingsGroup<Place> {
  const say = text.administration;
  return {
    title: text.settings.workspace,
    places: [
      { id: 'people', title: say.people.title, icon: Users, page: () => <PeoplePage onInvite={onInvite} /> },
      { id: 'invitations', title: say.invitations.title, icon: MailPlus, page: () => <InvitationsPage /> },
      { id: 'workspace', title: say.workspace.title, icon: SlidersHorizontal, page: () => <WorkspacePage /> },
      { id: 'audit', title: say.audit.title, icon: ScrollText, page: () => <AuditPage /> },
    ],
  };
}
